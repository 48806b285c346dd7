-- Purpose: stores a reminder in place of the one of that name.
-- Parameters: @service, @grain, @name, @start, @period (ms), @hash.
-- Rows: one: the version, 0 for a new one. Index: the primary key.
INSERT INTO OrleansRemindersTable
    (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
VALUES (@service, @grain, @name, @start, @period, @hash, 0)
ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = excluded.StartTime,
        Period    = excluded.Period,
        GrainHash = excluded.GrainHash,
        Version   = OrleansRemindersTable.Version + 1
RETURNING Version
