-- Purpose: creations and deletions that are not finished.
-- Parameters: @after (the last id of the page before, or an empty text), @limit.
-- Rows: at most @limit, by id. Relies on: repository_unsettled.
SELECT id FROM repository WHERE state <> 'active' AND id > @after ORDER BY id LIMIT @limit;
