-- Purpose: one repository with its nodes in order of preference, joined by commas.
-- Parameters: @id.
-- Rows: 0 or 1. Relies on: the primary keys.
SELECT r.id, r.virtual_storage, r.path, r.default_branch, r.created_at, r.state,
       (SELECT group_concat(n.node, ',')
        FROM (SELECT node FROM repository_node WHERE repository_id = r.id ORDER BY ordinal) AS n) AS nodes
FROM repository AS r
WHERE r.id = @id;
