-- Purpose: the table that says which migrations were applied.
-- Parameters: none. Rows: 0.
CREATE TABLE IF NOT EXISTS schema_migration (
    number     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    checksum   TEXT    NOT NULL,
    applied_at TEXT    NOT NULL
);
