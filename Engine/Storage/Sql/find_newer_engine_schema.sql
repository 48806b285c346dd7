-- Purpose: whether a newer program made the engine's tables. What it knows stands here and in note_engine_schema.
-- Run at start, under the lock of the schema, before anything is changed.
-- Parameters: none. Rows: none; or one: the tables' schema, and the newest that this program knows.
SELECT Version, 1 FROM AedileEngineSchema WHERE Version > 1
