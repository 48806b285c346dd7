-- Purpose: the repositories with a replica on a node, those being deleted too: the node may still hold one.
-- Parameters: @node, @after (the last id of the page before, or an empty text), @limit.
-- Rows: at most @limit, by id. Relies on: repository_node_by_node.
SELECT repository_id FROM repository_node WHERE node = @node AND repository_id > @after
ORDER BY repository_id LIMIT @limit;
