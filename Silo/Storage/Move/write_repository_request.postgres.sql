-- Purpose: an idempotency key as it was, in a move. Parameters: its columns.
INSERT INTO repository_request (idempotency_key, repository_id, content, created_at)
VALUES (@idempotency_key, @repository_id, @content, CAST(@created_at AS timestamptz))
