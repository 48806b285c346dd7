-- Purpose: registers a reminder, or changes it.
-- Parameters: @ServiceId, @GrainId, @ReminderName, @StartTime, @Period (ms), @GrainHash.
-- Rows: its new Version. Relies on: the primary key.
INSERT INTO OrleansRemindersTable AS r (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (ServiceId, GrainId, ReminderName)
    DO UPDATE SET StartTime = excluded.StartTime,
                  Period    = excluded.Period,
                  GrainHash = excluded.GrainHash,
                  Version   = r.Version + 1
RETURNING Version
