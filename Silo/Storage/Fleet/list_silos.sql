-- Purpose: the silos that run, and those that ended and whose work is not yet taken up.
-- Parameters: none.
-- Rows: one for each run, a handful, by name. Reads the whole table.
SELECT run, name, engine, gateway, pid, version, started_at, beat, stopped_at FROM fleet_silo ORDER BY name, run;
