-- Purpose: a silo's beat; the version stays.
-- Parameters: @fleet, @address, @port, @generation, @alive.
-- Rows affected: 1; 0 when the silo is dead (status 6) or unknown. Index: the primary key.
UPDATE OrleansMembershipTable
SET IAmAliveTime = @alive
WHERE DeploymentId = @fleet
  AND Address = @address
  AND Port = @port
  AND Generation = @generation
  AND Status <> 6
