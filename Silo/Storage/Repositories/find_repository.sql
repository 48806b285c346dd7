-- Purpose: the id behind a name, for routing.
-- Parameters: @virtualStorage, @path.
-- Rows: 0 or 1. Relies on: repository_by_path.
SELECT id FROM repository WHERE virtual_storage = @virtualStorage AND path = @path AND state <> 'deleting';
