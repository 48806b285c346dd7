-- Definitions that an earlier version kept as rows, and that are not yet in the model.
SELECT id, virtual_storage, path, default_branch, state FROM repository ORDER BY id
