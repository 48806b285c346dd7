-- Purpose: one repository with its nodes in order of preference, joined by commas.
-- Parameters: @id.
-- Rows: 0 or 1. Relies on: the primary keys.
SELECT r.id, r.virtual_storage, r.path, r.default_branch, r.created_at, r.state,
       (SELECT string_agg(n.node, ',' ORDER BY n.ordinal)
        FROM repository_node AS n WHERE n.repository_id = r.id) AS nodes
FROM repository AS r
WHERE r.id = @id;
