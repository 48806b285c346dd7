-- Purpose: a part of a snapshot. Parameters: @timeline, @position, @part, @content.
INSERT INTO model_snapshot_part (timeline, position, part, content) VALUES (@timeline, @position, @part, @content)
