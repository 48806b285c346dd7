-- Purpose: forgets a repository whose replicas are all gone, and with it its assignments (by cascade).
-- Parameters: @id.
-- Rows: 1, or 0 when it was forgotten before. Relies on: the primary key.
DELETE FROM repository WHERE id = @id AND state = 'deleting';
