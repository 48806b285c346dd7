-- Purpose: a repository as it was, in a move. Parameters: its columns.
INSERT INTO repository (id, virtual_storage, path, default_branch, created_at, state)
VALUES (@id, @virtual_storage, @path, @default_branch, CAST(@created_at AS timestamptz), @state)
