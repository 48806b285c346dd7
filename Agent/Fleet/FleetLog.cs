
namespace Aedile.Agent.Fleet;

/// <summary>Log events 1000 to 1999 are Fleet's; the agent uses 1800 to 1899. An id is never reused.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(EventId = 1800, Level = LogLevel.Information,
        Message = "agent {Node} listens on {Endpoint}, data in {Data}")]
    public static partial void AgentReady(this ILogger log, string node, Uri endpoint, string data);

    [LoggerMessage(EventId = 1801, Level = LogLevel.Information, Message = "session with {Silo} stands")]
    public static partial void SessionStands(this ILogger log, Uri silo);

    [LoggerMessage(EventId = 1802, Level = LogLevel.Information, Message = "session with {Silo} ended: {Reason}")]
    public static partial void SessionEnded(this ILogger log, Uri silo, string reason);

    [LoggerMessage(EventId = 1803, Level = LogLevel.Error,
        Message = "{Silo} refuses this agent: {Reason}; it is asked again in {RetrySeconds} s")]
    public static partial void SessionRefused(this ILogger log, Uri silo, string reason, double retrySeconds);

    [LoggerMessage(EventId = 1804, Level = LogLevel.Error, Message = "request failed")]
    public static partial void RequestFailed(this ILogger log, Exception cause);
}
