-- Purpose: the reminders of a silo's range of hashes, for a range that wraps around.
-- Parameters: @ServiceId, @BeginHash (exclusive), @EndHash (inclusive). Rows: one each. Relies on: the primary key.
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId
  AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)
