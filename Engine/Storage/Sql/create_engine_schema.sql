-- Purpose: the one row that says which schema the engine's tables have. Both engines keep it.
-- Run at start, under the lock of the schema. Rows: none.
CREATE TABLE IF NOT EXISTS AedileEngineSchema
(
    Id      integer NOT NULL PRIMARY KEY,
    Version integer NOT NULL
)
