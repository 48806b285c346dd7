-- Purpose: the intent to create a repository; nothing of it exists before this row is durable.
-- Parameters: @id, @virtualStorage, @path, @defaultBranch, @createdAt.
-- Rows: 1, or 0 when the path is taken. Relies on: repository_by_path.
INSERT INTO repository (id, virtual_storage, path, default_branch, created_at, state)
VALUES (@id, @virtualStorage, @path, @defaultBranch, @createdAt, 'creating')
ON CONFLICT (virtual_storage, path) WHERE state <> 'deleting' DO NOTHING;
