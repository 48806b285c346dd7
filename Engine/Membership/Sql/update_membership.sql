-- Purpose: changes a silo's status and votes, in the transaction that raised the version.
-- Parameters: @fleet, @address, @port, @generation, @status, @votes. Rows affected: 1. Index: the primary key.
UPDATE OrleansMembershipTable
SET Status       = @status,
    SuspectTimes = @votes
WHERE DeploymentId = @fleet
  AND Address = @address
  AND Port = @port
  AND Generation = @generation
