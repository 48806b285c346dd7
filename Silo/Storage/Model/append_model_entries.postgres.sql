-- Purpose: appends entries and moves the head in one statement, if the head is as it was seen; else no row. Parameters:
-- @timeline, @epoch, @position, @digest as seen; @positions, @contents, @digests: arrays, in order; @last, @lastDigest.
WITH head AS (
    UPDATE model_head SET position = @last, digest = @lastDigest
    WHERE timeline = @timeline AND epoch = @epoch AND position = @position AND digest = @digest
    RETURNING id
)
INSERT INTO model_entry (position, content, digest)
SELECT entry.position, entry.content, entry.digest
FROM head, unnest(@positions, @contents, @digests) AS entry (position, content, digest)
