-- Purpose: all idempotency keys of creations, for a move. Parameters: none.
SELECT idempotency_key, repository_id, content, created_at FROM repository_request
