-- Purpose: where the journal ends, and whose it is. Parameters: none.
SELECT timeline, epoch, position, digest FROM model_head
