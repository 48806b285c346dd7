-- Purpose: the number of the newest view of each cluster; every change of its members counts it up by compare-and-set.
-- Parameters: none. Rows: none.
CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable
(
    DeploymentId varchar(150)   NOT NULL PRIMARY KEY,
    Timestamp    timestamptz(3) NOT NULL DEFAULT now(),
    Version      integer        NOT NULL DEFAULT 0
)
