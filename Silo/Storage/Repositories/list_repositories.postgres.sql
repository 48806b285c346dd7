-- Purpose: one page of the repositories by name, those being deleted left out.
-- Parameters: @virtualStorage, @path (the last of the page before, or two empty texts), @limit.
-- Rows: at most @limit. Relies on: repository_by_path.
SELECT r.id, r.virtual_storage, r.path, r.default_branch, r.created_at, r.state,
       (SELECT string_agg(n.node, ',' ORDER BY n.ordinal)
        FROM repository_node AS n WHERE n.repository_id = r.id) AS nodes
FROM repository AS r
WHERE r.state <> 'deleting' AND (r.virtual_storage, r.path) > (@virtualStorage, @path)
ORDER BY r.virtual_storage, r.path
LIMIT @limit;
