-- Purpose: the migrations that were applied.
-- Parameters: none. Rows: one each, by number. Relies on: the primary key.
SELECT number, name, checksum FROM schema_migration ORDER BY number;
