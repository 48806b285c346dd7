using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Log events 2000 to 2049: creation and deletion. An id is never reused; runbooks and alerts search by it.
/// </summary>
internal static partial class RepositoryGatewayLog
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Information,
        Message = "created repository {RepositoryId}: {VirtualStorage}/{Path}")]
    public static partial void Created(
        this ILogger log, RepositoryId repositoryId, string virtualStorage, RepositoryPath path);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information,
        Message = "repository {RepositoryId} is deleted on every node")]
    public static partial void Deleted(this ILogger log, RepositoryId repositoryId);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning,
        Message = "repository {RepositoryId} is not created yet ({Outcome}: {Detail}); trying again")]
    public static partial void NotCreated(
        this ILogger log, RepositoryId repositoryId, CreateOutcome outcome, string? detail);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning,
        Message = "the creation or deletion of repository {RepositoryId} failed; trying again")]
    public static partial void NotSettled(this ILogger log, Exception exception, RepositoryId repositoryId);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Error,
        Message = "the configured virtual storages can't be in the model: {Reason}")]
    public static partial void StoragesRefused(this ILogger log, string reason);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Information,
        Message = "{Count} repositories, kept as rows before, are definitions of the model now")]
    public static partial void RowsMoved(this ILogger log, int count);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error,
        Message = "repository {RepositoryId} ({VirtualStorage}/{Path}) stays a row of the database: {Reason}")]
    public static partial void RowNotMoved(
        this ILogger log, RepositoryId repositoryId, string virtualStorage, RepositoryPath path, Addition reason);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning,
        Message = "the coordinator of repository {RepositoryId} does not answer; a list shows it as unknown")]
    public static partial void CoordinatorSilent(
        this ILogger log, Exception exception, RepositoryId repositoryId);
}
