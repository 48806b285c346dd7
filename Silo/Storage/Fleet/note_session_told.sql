-- Purpose: all repositories of the node were told of its comings and goings up to this one.
-- Parameters: @node, @told, @version.
-- Rows: 1, or 0 when that was noted before. Relies on: the primary key.
UPDATE agent_session SET told = @told, version = @version WHERE node = @node AND told < @told;
