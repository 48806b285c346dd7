-- Purpose: forgets a dead silo, in the transaction that raised the version.
-- Parameters: @fleet, @address, @port, @generation. Rows affected: 1. Index: the primary key.
DELETE
FROM OrleansMembershipTable
WHERE DeploymentId = @fleet
  AND Address = @address
  AND Port = @port
  AND Generation = @generation
