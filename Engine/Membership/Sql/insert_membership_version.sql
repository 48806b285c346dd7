-- Purpose: begins a fleet's membership, unless there is one.
-- Parameters: @fleet. Rows affected: 1; 0 when there is one. Index: the primary key.
INSERT INTO OrleansMembershipVersionTable (DeploymentId, Timestamp, Version)
VALUES (@fleet, CURRENT_TIMESTAMP, 0)
ON CONFLICT (DeploymentId) DO NOTHING
