-- Purpose: all entries of the journal that are kept, for a move. Parameters: none.
SELECT position, content, digest FROM model_entry
