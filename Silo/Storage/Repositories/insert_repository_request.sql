-- Purpose: what a key stands for; in the transaction of insert_repository.
-- Parameters: @key, @repositoryId, @content (what was asked for), @createdAt.
-- Rows: 1, or 0 when the key stands for an earlier request. Relies on: the primary key.
INSERT INTO repository_request (idempotency_key, repository_id, content, created_at)
VALUES (@key, @repositoryId, @content, @createdAt)
ON CONFLICT (idempotency_key) DO NOTHING;
