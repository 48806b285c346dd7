-- Purpose: forgets a cluster.
-- Parameters: @DeploymentId. Rows: none. Relies on: the primary keys.
WITH silos AS
    (DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId)
DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId
