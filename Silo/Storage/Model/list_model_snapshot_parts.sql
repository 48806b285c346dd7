-- Purpose: a snapshot's content, in order. Parameters: @timeline, @position.
SELECT content FROM model_snapshot_part WHERE timeline = @timeline AND position = @position ORDER BY part
