-- Purpose: forgets a reminder, if it is still the one that was read.
-- Parameters: @ServiceId, @GrainId, @ReminderName, @Version. Rows: one number: 1 when it went, else 0.
-- Relies on: the primary key.
WITH gone AS
    (DELETE FROM OrleansRemindersTable
     WHERE ServiceId = @ServiceId
       AND GrainId = @GrainId
       AND ReminderName = @ReminderName
       AND Version = @Version
     RETURNING 1)
SELECT count(*)::integer FROM gone
