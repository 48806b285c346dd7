-- Purpose: a creation is finished.
-- Parameters: @id.
-- Rows: 1, or 0 when it was finished before or is being deleted. Relies on: the primary key.
UPDATE repository SET state = 'active' WHERE id = @id AND state = 'creating';
