-- Purpose: changes a silo's row, if nobody has changed the cluster since its view @Version was read.
-- Parameters: @DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes (may be null), @IAmAliveTime,
-- @Version. Rows: one number: 1 when it was changed, else 0. Relies on: the primary keys.
WITH counted AS
    (UPDATE OrleansMembershipVersionTable
     SET Version = Version + 1, Timestamp = now()
     WHERE DeploymentId = @DeploymentId
       AND Version = @Version
       AND EXISTS
         (SELECT 1
          FROM OrleansMembershipTable AS m
          WHERE m.DeploymentId = @DeploymentId
            AND m.Address = @Address
            AND m.Port = @Port
            AND m.Generation = @Generation)
     RETURNING DeploymentId),
updated AS
    (UPDATE OrleansMembershipTable AS m
     SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
     FROM counted
     WHERE m.DeploymentId = counted.DeploymentId
       AND m.Address = @Address
       AND m.Port = @Port
       AND m.Generation = @Generation
     RETURNING 1)
SELECT count(*)::integer FROM updated
