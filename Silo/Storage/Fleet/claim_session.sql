-- Purpose: a node's session begins: compare-and-set on the epoch of the one before it.
-- Parameters: @node, @epoch, @run, @bootId, @attempt, @endpoint, @roles (joined by commas), @pid, @agentVersion,
-- @beganAt, @change, @told, @version, @expectedEpoch (0 when the node never had one).
-- Rows: 1, or 0 when another silo was faster. Relies on: the primary key.
INSERT INTO agent_session (
    node, epoch, run, boot_id, attempt, endpoint, roles, pid, agent_version, began_at, ended_at, change, told, version)
VALUES (
    @node, @epoch, @run, @bootId, @attempt, @endpoint, @roles, @pid, @agentVersion, @beganAt, NULL, @change, @told,
    @version)
ON CONFLICT (node) DO UPDATE SET
    epoch = excluded.epoch, run = excluded.run, boot_id = excluded.boot_id, attempt = excluded.attempt,
    endpoint = excluded.endpoint, roles = excluded.roles, pid = excluded.pid, agent_version = excluded.agent_version,
    began_at = excluded.began_at, ended_at = NULL, change = excluded.change, told = excluded.told,
    version = excluded.version
WHERE agent_session.epoch = @expectedEpoch;
