-- Purpose: one reminder of a grain.
-- Parameters: @ServiceId, @GrainId, @ReminderName. Rows: none or one. Relies on: the primary key.
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @ServiceId
  AND GrainId = @GrainId
  AND ReminderName = @ReminderName
