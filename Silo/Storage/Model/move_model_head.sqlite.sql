-- Purpose: moves the head behind entries that the same transaction inserts, if it is as it was seen. Parameters:
-- @timeline, @epoch, @position, @digest as seen; @last, @lastDigest.
UPDATE model_head SET position = @last, digest = @lastDigest
WHERE timeline = @timeline AND epoch = @epoch AND position = @position AND digest = @digest
