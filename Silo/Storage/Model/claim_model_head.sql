-- Purpose: the next epoch, if the head is as it was seen. Parameters: @timeline, @epoch, @position, @digest as seen.
UPDATE model_head SET epoch = epoch + 1
WHERE timeline = @timeline AND epoch = @epoch AND position = @position AND digest = @digest
