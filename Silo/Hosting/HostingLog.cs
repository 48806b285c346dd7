namespace Aedile.Silo.Hosting;

/// <summary>Log events 5140 to 5149: the process. An id is never reused.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(EventId = 5140, Level = LogLevel.Warning,
        Message = "all {Threads} threads of the pool were blocked, {Pending} items waited: it gets up to {Ready}")]
    public static partial void PoolStoodStill(this ILogger log, int threads, long pending, int ready);
}
