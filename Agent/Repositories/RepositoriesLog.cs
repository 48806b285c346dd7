using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Log events 2500 to 2999: the storage role. An id is never reused.</summary>
internal static partial class RepositoriesLog
{
    [LoggerMessage(EventId = 2500, Level = LogLevel.Information,
        Message = "storage role started in {Root} with {Replicas} known replicas")]
    public static partial void RoleStarted(this ILogger log, string root, int replicas);

    [LoggerMessage(EventId = 2501, Level = LogLevel.Critical,
        Message = "storage role stops: {Reason}; its disk can't be trusted until it starts again")]
    public static partial void RoleStopped(this ILogger log, Exception cause, string reason);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Warning,
        Message = "journal {Directory}: cut off {Bytes} bytes of a write that never ended, after frame {Sequence}")]
    public static partial void JournalTailCut(this ILogger log, string directory, long bytes, ulong sequence);

    [LoggerMessage(EventId = 2510, Level = LogLevel.Information,
        Message = "repository {Repository}: transaction {Transaction} is {Outcome}, the silo says")]
    public static partial void PromiseResolved(
        this ILogger log, RepositoryId repository, TransactionId transaction, ResolutionOutcome outcome);

    [LoggerMessage(EventId = 2511, Level = LogLevel.Information,
        Message = "repository {Repository}: transaction {Transaction} undone")]
    public static partial void PromiseUndone(this ILogger log, RepositoryId repository, TransactionId transaction);

    [LoggerMessage(EventId = 2512, Level = LogLevel.Error,
        Message = "repository {Repository}: transaction {Transaction} is decided, but refs hold neither its old "
            + "nor its new values; the replica has no version until it is repaired")]
    public static partial void PromiseDiverged(this ILogger log, RepositoryId repository, TransactionId transaction);

    [LoggerMessage(EventId = 2513, Level = LogLevel.Warning,
        Message = "repository {Repository}: the git child {Pid} was lost; "
            + "its write is redone or undone from the journal")]
    public static partial void ChildLost(this ILogger log, Exception cause, RepositoryId repository, int pid);

    [LoggerMessage(EventId = 2514, Level = LogLevel.Information,
        Message = "repository {Repository}: deleted {Count} lock files of an earlier run")]
    public static partial void LocksDeleted(this ILogger log, RepositoryId repository, int count);

    [LoggerMessage(EventId = 2515, Level = LogLevel.Information,
        Message = "repository {Repository}: the staged pack of transaction {Transaction} was not renewed "
            + "and is dropped")]
    public static partial void LeaseExpired(this ILogger log, RepositoryId repository, TransactionId transaction);

    [LoggerMessage(EventId = 2516, Level = LogLevel.Error,
        Message = "repository {Repository}: after an unclean boot the checksum is {Actual}, not {Expected}; "
            + "the replica has no version until it is repaired")]
    public static partial void ContentLost(this ILogger log, RepositoryId repository, string? expected, string? actual);

    [LoggerMessage(EventId = 2517, Level = LogLevel.Error,
        Message = "repository {Repository}: {Folder} is no repository any more; the replica counts as lost")]
    public static partial void ReplicaGone(this ILogger log, RepositoryId repository, string folder);

    [LoggerMessage(EventId = 2520, Level = LogLevel.Information,
        Message = "repository {Repository}: repaired to {Version} from {Source}")]
    public static partial void Repaired(
        this ILogger log, RepositoryId repository, ReplicaVersion version, Uri source);

    [LoggerMessage(EventId = 2521, Level = LogLevel.Information,
        Message = "repository {Repository}: the atomic fetch failed, fetching with deletions first")]
    public static partial void MirrorRetried(this ILogger log, Exception cause, RepositoryId repository);

    [LoggerMessage(EventId = 2530, Level = LogLevel.Error, Message = "repository {Repository}: {Command} failed")]
    public static partial void CommandFailed(
        this ILogger log, Exception cause, RepositoryId repository, string command);

    [LoggerMessage(EventId = 2531, Level = LogLevel.Error,
        Message = "repository {Repository}: background work failed and is tried again")]
    public static partial void WatchFailed(this ILogger log, Exception cause, RepositoryId repository);

    [LoggerMessage(EventId = 2532, Level = LogLevel.Error,
        Message = "expired staged packs could not be deleted; the next round tries again")]
    public static partial void SweepFailed(this ILogger log, Exception cause);

    [LoggerMessage(EventId = 2533, Level = LogLevel.Debug, Message = "the silo could not be asked about a promise")]
    public static partial void SiloSilent(this ILogger log, Exception cause);

    [LoggerMessage(EventId = 2534, Level = LogLevel.Warning,
        Message = "git child {Pid} of an earlier run did not end by itself and was killed")]
    public static partial void OldChildKilled(this ILogger log, int pid);

    [LoggerMessage(EventId = 2535, Level = LogLevel.Debug, Message = "git: {Command} took {ElapsedMs} ms")]
    public static partial void GitRan(this ILogger log, string command, double elapsedMs);
}
