-- Purpose: all snapshots, for a move. Parameters: none.
SELECT timeline, position, digest, bytes, created_at FROM model_snapshot
