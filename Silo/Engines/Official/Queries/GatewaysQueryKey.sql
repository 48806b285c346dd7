-- Purpose: where clients may connect.
-- Parameters: @DeploymentId, @Status. Rows: one for each silo of that status with a gateway.
-- Relies on: the primary key.
SELECT Address, ProxyPort, Generation
FROM OrleansMembershipTable
WHERE DeploymentId = @DeploymentId
  AND Status = @Status
  AND ProxyPort > 0
