-- Purpose: all repositories, those being created or deleted too.
-- Parameters: @after (the last id of the page before, or an empty text), @limit.
-- Rows: at most @limit, by id. Relies on: the primary key.
SELECT id FROM repository WHERE id > @after ORDER BY id LIMIT @limit;
