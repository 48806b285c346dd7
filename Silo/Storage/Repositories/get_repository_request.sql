-- Purpose: what a key stands for.
-- Parameters: @key.
-- Rows: 0 or 1. Relies on: the primary key.
SELECT repository_id, content FROM repository_request WHERE idempotency_key = @key;
