-- Purpose: the first view of a cluster, unless there is one.
-- Parameters: @DeploymentId. Rows: one number: 1 when it was inserted, else 0. Relies on: the primary key.
WITH inserted AS
    (INSERT INTO OrleansMembershipVersionTable (DeploymentId)
     VALUES (@DeploymentId)
     ON CONFLICT (DeploymentId) DO NOTHING
     RETURNING 1)
SELECT count(*)::integer FROM inserted
