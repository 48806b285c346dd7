-- Purpose: notes the schema that the engine's tables have from now on.
-- Run at start, after find_newer_engine_schema, in its transaction. Parameters: none. Rows: none.
INSERT INTO AedileEngineSchema (Id, Version)
VALUES (1, 1)
ON CONFLICT (Id) DO UPDATE SET Version = excluded.Version
