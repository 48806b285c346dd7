-- Purpose: the compare-and-set that every change of the membership is made with, first in its transaction.
-- Parameters: @fleet, @version. Rows affected: 1; 0 when the version is another. Index: the primary key.
-- Isolation: read committed is enough; the row stays locked until the commit, so changes come one after the other.
UPDATE OrleansMembershipVersionTable
SET Version   = Version + 1,
    Timestamp = CURRENT_TIMESTAMP
WHERE DeploymentId = @fleet
  AND Version = @version
