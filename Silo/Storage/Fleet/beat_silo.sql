-- Purpose: a silo lives; its engine has an address from its start on.
-- Parameters: @run, @engine.
-- Rows: 1, or 0 when the others have taken it for dead and forgotten it. Relies on: the primary key.
UPDATE fleet_silo SET beat = beat + 1, engine = @engine WHERE run = @run;
