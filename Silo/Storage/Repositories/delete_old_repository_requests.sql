-- Purpose: forgets keys that nobody repeats any more.
-- Parameters: @before.
-- Rows: any number. Relies on: repository_request_by_time.
DELETE FROM repository_request WHERE created_at < @before;
