-- Purpose: forgets a silo that ended and whose work is taken up.
-- Parameters: @run.
-- Rows: 1, or 0 when another silo was faster. Relies on: the primary key.
DELETE FROM fleet_silo WHERE run = @run;
