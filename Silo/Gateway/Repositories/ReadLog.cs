using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Log events 2050 to 2099: reads. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class ReadLog
{
    [LoggerMessage(EventId = 2050, Level = LogLevel.Warning,
        Message = "the coordinator of {RepositoryId} does not say where to read; using its last word")]
    public static partial void RouteIsStale(this ILogger log, Exception exception, RepositoryId repositoryId);

    [LoggerMessage(EventId = 2051, Level = LogLevel.Information,
        Message = "{Node} did not serve a read of {RepositoryId} ({Reason}); trying another")]
    public static partial void ReplicaDidNotServe(
        this ILogger log, NodeName node, RepositoryId repositoryId, string reason);

    [LoggerMessage(EventId = 2052, Level = LogLevel.Warning,
        Message = "{Node} broke off in the middle of a read of {RepositoryId}; so do we")]
    public static partial void ReplicaBrokeOff(
        this ILogger log, Exception exception, NodeName node, RepositoryId repositoryId);
}
