-- Purpose: a node is gone. An end that comes late, for an older epoch, changes nothing.
-- Parameters: @node, @epoch, @endedAt, @version.
-- Rows: 1, or 0 when it ended before or has a newer epoch. Relies on: the primary key.
UPDATE agent_session SET ended_at = @endedAt, change = change + 1, version = @version
WHERE node = @node AND epoch = @epoch AND ended_at IS NULL;
