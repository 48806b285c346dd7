-- Purpose: the reminders of a grain.
-- Parameters: @ServiceId, @GrainId. Rows: one each. Relies on: the primary key.
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId
  AND GrainId = @GrainId
