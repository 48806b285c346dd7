using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Log events 2100 to 2149: pushes. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class PushLog
{
    [LoggerMessage(EventId = 2100, Level = LogLevel.Warning,
        Message = "could not renew {Transaction} of {RepositoryId} on {Node}")]
    public static partial void LeaseNotRenewed(
        this ILogger log, Exception exception, NodeName node, RepositoryId repositoryId, TransactionId transaction);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "left {Node} out of {Transaction} of {RepositoryId}: {Reason}")]
    public static partial void NodeLeftOut(
        this ILogger log, NodeName node, RepositoryId repositoryId, TransactionId transaction, string reason);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Information,
        Message = "{Transaction} of {RepositoryId} was not staged: {Reason}")]
    public static partial void NotStaged(
        this ILogger log, RepositoryId repositoryId, TransactionId transaction, string reason);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Warning,
        Message = "the coordinator did not say how {Transaction} of {RepositoryId} ended; asking")]
    public static partial void OutcomeMissing(
        this ILogger log, Exception exception, RepositoryId repositoryId, TransactionId transaction);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Error,
        Message = "the outcome of {Transaction} of {RepositoryId} is unknown; its client was told so")]
    public static partial void OutcomeUnknown(this ILogger log, RepositoryId repositoryId, TransactionId transaction);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning,
        Message = "could not open {Transaction} of {RepositoryId} at its coordinator")]
    public static partial void NotBegun(
        this ILogger log, Exception exception, RepositoryId repositoryId, TransactionId transaction);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Warning,
        Message = "could not give {Transaction} of {RepositoryId} up at its coordinator")]
    public static partial void NotGivenUp(
        this ILogger log, Exception exception, RepositoryId repositoryId, TransactionId transaction);

    [LoggerMessage(EventId = 2107, Level = LogLevel.Information,
        Message = "the client of a push to {RepositoryId} stopped half-way; nothing was changed: {Reason}")]
    public static partial void ClientStopped(this ILogger log, RepositoryId repositoryId, string reason);

    [LoggerMessage(EventId = 2108, Level = LogLevel.Information,
        Message = "refused a push to {RepositoryId}: {Reason}")]
    public static partial void Refused(this ILogger log, RepositoryId repositoryId, string reason);
}
