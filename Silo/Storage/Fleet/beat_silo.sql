-- Purpose: a silo lives.
-- Parameters: @run.
-- Rows: 1, or 0 when the others have taken it for dead and forgotten it. Relies on: the primary key.
UPDATE fleet_silo SET beat = beat + 1 WHERE run = @run;
