-- Purpose: the reminders of one grain.
-- Parameters: @service, @grain.
-- Rows: GrainId, ReminderName, StartTime, Period, Version, by name. Index: the primary key.
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @service
  AND GrainId = @grain
ORDER BY ReminderName
