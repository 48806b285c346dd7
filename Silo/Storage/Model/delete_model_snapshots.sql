-- Purpose: keeps the newest snapshots of a history. Parameters: @timeline, @kept: how many.
DELETE FROM model_snapshot
WHERE timeline = @timeline AND position NOT IN (
    SELECT position FROM model_snapshot WHERE timeline = @timeline ORDER BY position DESC LIMIT @kept)
