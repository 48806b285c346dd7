-- Purpose: deletes a reminder if its version is still the one that was read.
-- Parameters: @service, @grain, @name, @version.
-- Rows affected: 1; 0 when it is gone or has another version. Index: the primary key.
DELETE
FROM OrleansRemindersTable
WHERE ServiceId = @service
  AND GrainId = @grain
  AND ReminderName = @name
  AND Version = @version
