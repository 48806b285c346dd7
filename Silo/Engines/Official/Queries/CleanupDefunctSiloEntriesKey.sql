-- Purpose: forgets silos that are not active (3) and have given no sign of life for long.
-- Parameters: @DeploymentId, @IAmAliveTime. Rows: none. Relies on: the primary key.
DELETE
FROM OrleansMembershipTable
WHERE DeploymentId = @DeploymentId
  AND IAmAliveTime < @IAmAliveTime
  AND Status <> 3
