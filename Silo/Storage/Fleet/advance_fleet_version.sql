-- Purpose: the numbers of the next changes; in the transaction of these changes, which holds others up until it ends.
-- Parameters: @count (of the changes).
-- Rows: 1, the last of the numbers. Relies on: the primary key.
UPDATE fleet_version SET value = value + @count WHERE id = 1 RETURNING value;
