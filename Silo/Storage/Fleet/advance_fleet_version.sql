-- Purpose: the number of the next change; in the transaction of that change, which holds others up until it ends.
-- Parameters: none.
-- Rows: 1, the number. Relies on: the primary key.
UPDATE fleet_version SET value = value + 1 WHERE id = 1 RETURNING value;
