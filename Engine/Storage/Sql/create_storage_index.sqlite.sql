-- Purpose: finds a row by its hashes, and makes two rows of one grain's state impossible.
-- Run at start, after create_storage_table. Rows: none.
CREATE UNIQUE INDEX IF NOT EXISTS ix_OrleansStorage
    ON OrleansStorage (grainidhash, graintypehash, graintypestring, grainidextensionstring, serviceid)
