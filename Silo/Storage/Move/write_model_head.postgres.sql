-- Purpose: the history goes on where it was, in a move; the epoch fences who wrote before. Parameters: its columns.
UPDATE model_head
SET timeline = @timeline, epoch = CAST(@epoch AS bigint) + 1, position = @position, digest = @digest
WHERE position = 0
