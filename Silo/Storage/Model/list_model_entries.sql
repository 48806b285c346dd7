-- Purpose: the entries after a position, in order. Parameters: @after, @limit.
SELECT position, content, digest FROM model_entry WHERE position > @after ORDER BY position LIMIT @limit
