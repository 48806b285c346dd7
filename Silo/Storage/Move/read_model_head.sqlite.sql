-- Purpose: where the journal ends, for a move. Parameters: none.
SELECT timeline, epoch, position, digest FROM model_head
