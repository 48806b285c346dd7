-- Purpose: all repositories, for a move. Parameters: none.
SELECT id, virtual_storage, path, default_branch, created_at, state FROM repository
