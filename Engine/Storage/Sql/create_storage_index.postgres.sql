-- Purpose: finds a row by its hashes, and makes two rows of one grain's state impossible: of two first writes at once,
-- one loses.
-- Run at start, after create_storage_table. Rows: none.
CREATE UNIQUE INDEX IF NOT EXISTS ix_OrleansStorage
    ON OrleansStorage (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring,
                       COALESCE(grainidextensionstring, ''), serviceid)
