-- Purpose: a silo's sign of life; it is no change of the cluster and counts no view.
-- Parameters: @DeploymentId, @Address, @Port, @Generation, @IAmAliveTime. Rows: none. Relies on: the primary key.
UPDATE OrleansMembershipTable
SET IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId
  AND Address = @Address
  AND Port = @Port
  AND Generation = @Generation
