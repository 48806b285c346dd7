using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Log events 1000 to 1099: sessions. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information,
        Message = "node {Node} is here: process {Pid} at {Endpoint}, boot {BootId}")]
    public static partial void SessionBegan(this ILogger log, NodeName node, int pid, Uri endpoint, Guid bootId);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "node {Node} is gone: {Reason}")]
    public static partial void SessionEnded(this ILogger log, NodeName node, string reason);

    /// <summary>Once is a restart. Alert if it repeats: then two agents use one node name.</summary>
    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning,
        Message = "node {Node} connected again while its session stood: boot {NewBootId} replaces {OldBootId}")]
    public static partial void SessionReplaced(this ILogger log, NodeName node, Guid newBootId, Guid oldBootId);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "refused a session: {Reason}")]
    public static partial void SessionRefused(this ILogger log, string reason);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information,
        Message = "told {Count} repositories of node {Node}; healthy: {Healthy}")]
    public static partial void NodeChangeTold(this ILogger log, int count, NodeName node, bool healthy);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning,
        Message = "could not tell repository {RepositoryId} of node {Node}; trying again")]
    public static partial void NodeChangeNotTold(
        this ILogger log, Exception exception, RepositoryId repositoryId, NodeName node);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error,
        Message = "could not list the repositories of node {Node}; trying again")]
    public static partial void RepositoriesNotListed(this ILogger log, Exception exception, NodeName node);
}
