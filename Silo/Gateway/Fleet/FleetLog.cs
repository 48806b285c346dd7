using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Log events 1000 to 1099: sessions. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information,
        Message = "node {Node} is here: process {Pid} at {Endpoint}, boot {BootId}, session epoch {Epoch}")]
    public static partial void SessionBegan(
        this ILogger log, NodeName node, int pid, Uri endpoint, Guid bootId, long? epoch);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "the session of node {Node} ended: {Reason}")]
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
        Message = "the coordinator of repository {RepositoryId} could not be called; trying again")]
    public static partial void RepositoryNotCalled(
        this ILogger log, Exception exception, RepositoryId repositoryId);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Warning,
        Message = "could not note that the repositories of node {Node} were told; trying again")]
    public static partial void ToldNotNoted(this ILogger log, Exception exception, NodeName node);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning,
        Message = "the session of node {Node} has no epoch yet and is provisional: the database does not answer")]
    public static partial void NotClaimed(this ILogger log, Exception exception, NodeName node);

    /// <summary>After an outage it is expected. Alert if one node repeats it: two agents use one node name.</summary>
    [LoggerMessage(EventId = 1009, Level = LogLevel.Warning,
        Message = "the table says that the session of node {Node} is over, but it stands here; claiming it again")]
    public static partial void SessionDoubted(this ILogger log, NodeName node);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning,
        Message = "node {Node} is gone: its session with epoch {Epoch} ended, and it did not come back in time")]
    public static partial void NodeGone(this ILogger log, NodeName node, long epoch);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Error,
        Message = "the database is away: sessions go on, the last view of the fleet holds")]
    public static partial void DatabaseIsAway(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Information, Message = "the database is back")]
    public static partial void DatabaseIsBack(this ILogger log);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Warning,
        Message = "could not say goodbye to the fleet; the others will miss the beats of this silo")]
    public static partial void NotStopped(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Information,
        Message = "silo {Name} (run {Run}) ended; {Count} repositories were woken to take up what it left")]
    public static partial void SiloSucceeded(this ILogger log, string name, Guid run, int count);

    [LoggerMessage(EventId = 1016, Level = LogLevel.Warning,
        Message = "could not forget the ended silo {Name}; trying again")]
    public static partial void SiloNotForgotten(this ILogger log, Exception exception, string name);
}
