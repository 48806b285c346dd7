-- Purpose: a part of a snapshot as it was, in a move. Parameters: its columns.
INSERT INTO model_snapshot_part (timeline, position, part, content) VALUES (@timeline, @position, @part, @content)
