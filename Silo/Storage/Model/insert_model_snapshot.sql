-- Purpose: begins a snapshot, unless another silo has written it. Parameters: @timeline, @position, @digest, @bytes,
-- @createdAt.
INSERT INTO model_snapshot (timeline, position, digest, bytes, created_at)
VALUES (@timeline, @position, @digest, @bytes, @createdAt)
ON CONFLICT DO NOTHING
