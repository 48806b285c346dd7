-- Purpose: one entry. Parameters: @position, @content, @digest.
INSERT INTO model_entry (position, content, digest) VALUES (@position, @content, @digest)
