-- Purpose: forgets the snapshots of histories that are over. Parameters: @timeline: the one that is not.
DELETE FROM model_snapshot WHERE timeline <> @timeline
