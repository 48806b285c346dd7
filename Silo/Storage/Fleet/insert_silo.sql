-- Purpose: a silo starts.
-- Parameters: @run, @name, @engine, @gateway, @pid, @version, @startedAt.
-- Rows: 1. Relies on: the primary key.
INSERT INTO fleet_silo (run, name, engine, gateway, pid, version, started_at, beat, stopped_at)
VALUES (@run, @name, @engine, @gateway, @pid, @version, @startedAt, 0, NULL);
