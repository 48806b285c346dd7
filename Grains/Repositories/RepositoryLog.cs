using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Microsoft.Extensions.Logging;

namespace Aedile.Grains.Repositories;

/// <summary>Log events 2300 to 2499: the coordinator of a repository. An id is never reused.</summary>
internal static partial class RepositoryLog
{
    [LoggerMessage(EventId = 2300, Level = LogLevel.Error,
        Message = "could not save repository {RepositoryId}; deactivating, the next call reads the database")]
    public static partial void SaveFailed(this ILogger log, Exception exception, RepositoryId repositoryId);

    [LoggerMessage(EventId = 2301, Level = LogLevel.Debug,
        Message = "repository {RepositoryId} decided {Version} with {Voters}")]
    public static partial void Decided(
        this ILogger log, RepositoryId repositoryId, ReplicaVersion version, string voters);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning,
        Message = "repository {RepositoryId} could not decide {TransactionId}: {Reason}")]
    public static partial void NotDecided(
        this ILogger log, RepositoryId repositoryId, TransactionId transactionId, string reason);

    [LoggerMessage(EventId = 2303, Level = LogLevel.Warning,
        Message = "replica of repository {RepositoryId} on {Node} disagrees with a quorum about its refs; "
            + "it will be repaired")]
    public static partial void Distrusted(this ILogger log, RepositoryId repositoryId, NodeName node);

    [LoggerMessage(EventId = 2304, Level = LogLevel.Information,
        Message = "replica of repository {RepositoryId} on {Node} was repaired to {Version} from {Source}")]
    public static partial void Repaired(
        this ILogger log, RepositoryId repositoryId, NodeName node, ReplicaVersion version, NodeName source);

    [LoggerMessage(EventId = 2305, Level = LogLevel.Warning,
        Message = "repair of repository {RepositoryId} on {Node} failed (attempt {Attempt}): {Reason}")]
    public static partial void RepairFailed(
        this ILogger log, RepositoryId repositoryId, NodeName node, int attempt, string reason);

    [LoggerMessage(EventId = 2306, Level = LogLevel.Error,
        Message = "registry-regressed: repository {RepositoryId}: {Reason}; "
            + "writes, repair and aborts stop until an operator accepts the loss")]
    public static partial void Regressed(this ILogger log, RepositoryId repositoryId, string reason);

    [LoggerMessage(EventId = 2307, Level = LogLevel.Warning,
        Message = "repository {RepositoryId} is fenced: {Node} has seen epoch {Seen}, ours is {Ours}; deactivating")]
    public static partial void Fenced(
        this ILogger log, RepositoryId repositoryId, NodeName node, long seen, long ours);

    [LoggerMessage(EventId = 2308, Level = LogLevel.Information,
        Message = "repository {RepositoryId} was created on {Nodes}")]
    public static partial void Created(this ILogger log, RepositoryId repositoryId, string nodes);

    [LoggerMessage(EventId = 2309, Level = LogLevel.Information,
        Message = "repository {RepositoryId} is deleted, {Left} replicas left to delete")]
    public static partial void Deleted(this ILogger log, RepositoryId repositoryId, int left);

    [LoggerMessage(EventId = 2310, Level = LogLevel.Warning,
        Message = "loss of data accepted: repository {RepositoryId} goes on at {Version} from {Node}")]
    public static partial void LossAccepted(
        this ILogger log, RepositoryId repositoryId, ReplicaVersion version, NodeName node);

    [LoggerMessage(EventId = 2311, Level = LogLevel.Debug,
        Message = "{Node} did not answer for repository {RepositoryId}: {Reason}")]
    public static partial void NodeSilent(
        this ILogger log, RepositoryId repositoryId, NodeName node, string reason);

    [LoggerMessage(EventId = 2312, Level = LogLevel.Error,
        Message = "background work of repository {RepositoryId} failed; it runs again")]
    public static partial void WorkFailed(this ILogger log, Exception exception, RepositoryId repositoryId);
}
