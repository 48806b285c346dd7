-- Purpose: adds a silo, if nobody has changed the cluster since its view @Version was read.
-- Parameters: @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
-- @IAmAliveTime, @Version. Rows: one number: 1 when it was added, else 0. Relies on: the primary keys.
WITH counted AS
    (UPDATE OrleansMembershipVersionTable
     SET Version = Version + 1, Timestamp = now()
     WHERE DeploymentId = @DeploymentId
       AND Version = @Version
       AND NOT EXISTS
         (SELECT 1
          FROM OrleansMembershipTable AS m
          WHERE m.DeploymentId = @DeploymentId
            AND m.Address = @Address
            AND m.Port = @Port
            AND m.Generation = @Generation)
     RETURNING DeploymentId),
inserted AS
    (INSERT INTO OrleansMembershipTable
        (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
     SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
            @IAmAliveTime
     FROM counted
     RETURNING 1)
SELECT count(*)::integer FROM inserted
