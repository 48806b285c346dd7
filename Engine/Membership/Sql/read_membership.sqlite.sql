-- Purpose: the membership of a fleet as of one moment, and the database's clock.
-- Parameters: @fleet. Rows: one for each silo; one with nulls when there is no silo; none when the fleet is unknown.
-- One statement, so that version and silos belong together. Index: the primary keys.
SELECT strftime('%Y-%m-%d %H:%M:%f', 'now'),
       v.Version,
       m.Address,
       m.Port,
       m.Generation,
       m.SiloName,
       m.HostName,
       m.Status,
       m.ProxyPort,
       m.SuspectTimes,
       m.StartTime,
       m.IAmAliveTime
FROM OrleansMembershipVersionTable v
         LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
WHERE v.DeploymentId = @fleet
