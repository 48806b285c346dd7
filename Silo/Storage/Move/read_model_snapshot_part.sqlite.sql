-- Purpose: all parts of snapshots, for a move. Parameters: none.
SELECT timeline, position, part, content FROM model_snapshot_part
