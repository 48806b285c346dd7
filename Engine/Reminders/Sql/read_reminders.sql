-- Purpose: every reminder of the service. Each silo reads all and keeps those of the grains that it owns: ownership is
-- no range of GrainHash here.
-- Parameters: @service.
-- Rows: GrainId, ReminderName, StartTime, Period, Version. Index: the primary key.
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM OrleansRemindersTable
WHERE ServiceId = @service
