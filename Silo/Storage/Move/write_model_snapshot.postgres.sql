-- Purpose: a snapshot as it was, in a move. Parameters: its columns.
INSERT INTO model_snapshot (timeline, position, digest, bytes, created_at)
VALUES (@timeline, @position, @digest, @bytes, CAST(@created_at AS timestamptz))
