-- Purpose: the newest session of a node.
-- Parameters: @node.
-- Rows: 0 or 1. Relies on: the primary key.
SELECT node, epoch, run, boot_id, attempt, endpoint, roles, pid, agent_version, began_at, ended_at, change, told,
       version
FROM agent_session
WHERE node = @node;
