-- Purpose: adds a silo, in the transaction that raised the version.
-- Parameters: @fleet, @address, @port, @generation, @name, @host, @status, @gateway, @votes, @started, @alive.
-- Rows affected: 1.
INSERT INTO OrleansMembershipTable
    (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime,
     IAmAliveTime)
VALUES (@fleet, @address, @port, @generation, @name, @host, @status, @gateway, @votes, @started, @alive)
