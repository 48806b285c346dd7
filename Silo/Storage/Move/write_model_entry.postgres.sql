-- Purpose: an entry as it was, in a move. Parameters: its columns.
INSERT INTO model_entry (position, content, digest) VALUES (@position, @content, @digest)
