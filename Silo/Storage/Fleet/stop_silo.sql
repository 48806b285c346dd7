-- Purpose: a silo stops in order: its agents are on their way to others.
-- Parameters: @run, @stoppedAt.
-- Rows: 1, or 0 when it was forgotten. Relies on: the primary key.
UPDATE fleet_silo SET stopped_at = @stoppedAt WHERE run = @run;
