-- Purpose: the number of the newest change.
-- Parameters: none.
-- Rows: 1. Relies on: the primary key.
SELECT value FROM fleet_version WHERE id = 1;
