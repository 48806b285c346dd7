-- Purpose: what a node says of itself. A silo whose session with the node is no longer the newest writes nothing, and
-- no event comes after a later one of the same run.
-- Parameters: @node, @epoch (of the session), @bootId, @sequence, @content, @reportedAt, @version.
-- Rows: 1, or 0 when it is not news. Relies on: the primary keys.
INSERT INTO node_status (node, epoch, boot_id, sequence, content, reported_at, version)
SELECT node, epoch, @bootId, @sequence, @content, @reportedAt, @version
FROM agent_session
WHERE node = @node AND epoch = @epoch
ON CONFLICT (node) DO UPDATE SET
    epoch = excluded.epoch, boot_id = excluded.boot_id, sequence = excluded.sequence, content = excluded.content,
    reported_at = excluded.reported_at, version = excluded.version
WHERE node_status.epoch <= excluded.epoch
  AND (node_status.boot_id <> excluded.boot_id OR node_status.sequence < excluded.sequence);
