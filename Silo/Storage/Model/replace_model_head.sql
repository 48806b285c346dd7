-- Purpose: another history from here on, if the head is as it was seen; its sequencers are fenced. Parameters:
-- @timeline, @epoch, @position, @digest as seen; @newTimeline, @newPosition, @newDigest.
UPDATE model_head SET timeline = @newTimeline, epoch = epoch + 1, position = @newPosition, digest = @newDigest
WHERE timeline = @timeline AND epoch = @epoch AND position = @position AND digest = @digest
