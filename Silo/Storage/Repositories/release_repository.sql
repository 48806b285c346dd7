-- Purpose: the intent to delete a repository; from here on its path is free and it can't come back.
-- Parameters: @id.
-- Rows: 1, or 0 when there is none or it is being deleted. Relies on: the primary key.
UPDATE repository SET state = 'deleting' WHERE id = @id AND state <> 'deleting';
