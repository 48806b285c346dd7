using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>Log events 9600 to 9649: observers. An id is never reused.</summary>
internal static partial class ObserverLog
{
    [LoggerMessage(EventId = 9600, Level = LogLevel.Warning,
        Message = "{Method} on observer {Observer} was dropped: {Reason}; its caller will not know")]
    public static partial void NoticeDropped(this ILogger log, string method, GrainId observer, string reason);

    [LoggerMessage(EventId = 9601, Level = LogLevel.Warning,
        Message = "observer {Observer} was collected as garbage: keep the object while its reference is in use")]
    public static partial void ObserverCollected(this ILogger log, GrainId observer);

    [LoggerMessage(EventId = 9602, Level = LogLevel.Warning,
        Message = "one-way call {Method} on observer {Observer} failed; its caller will not know")]
    public static partial void NoticeFailed(this ILogger log, Exception exception, string method, GrainId observer);

    [LoggerMessage(EventId = 9603, Level = LogLevel.Warning,
        Message = "refused a call of observer {Observer} from {Peer}: {Reason}")]
    public static partial void ObserverCallRefused(this ILogger log, string observer, string peer, string reason);
}
