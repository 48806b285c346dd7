-- Purpose: forgets all reminders of a service.
-- Parameters: @ServiceId. Rows: none. Relies on: the primary key.
DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId
