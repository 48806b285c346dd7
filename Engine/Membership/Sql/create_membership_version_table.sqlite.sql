-- Purpose: one row for each fleet: the version of its membership, with the columns of the Orleans ADO.NET providers.
-- Run at start, inside the transaction that holds the write lock. Rows: none.
CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable
(
    DeploymentId TEXT    NOT NULL PRIMARY KEY,
    Timestamp    TEXT    NOT NULL,
    Version      INTEGER NOT NULL
)
