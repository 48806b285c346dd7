-- Purpose: the sessions that changed.
-- Parameters: @after (the newest change that the reader has seen, 0 for none).
-- Rows: one each, in the order of their last change. Relies on: agent_session_by_version.
SELECT node, epoch, run, boot_id, attempt, endpoint, roles, pid, agent_version, began_at, ended_at, change, told,
       version
FROM agent_session
WHERE version > @after
ORDER BY version;
