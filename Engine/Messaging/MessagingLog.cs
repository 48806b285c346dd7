using System.Net;
using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Messaging;

/// <summary>Log events 9100 to 9199: links and messages. An id is never reused.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(EventId = 9100, Level = LogLevel.Warning, Message = "refused a connection from {Remote}: {Reason}")]
    public static partial void LinkNotSecured(this ILogger log, EndPoint? remote, string reason);

    [LoggerMessage(EventId = 9101, Level = LogLevel.Warning, Message = "ended the link with {Remote}: {Reason}")]
    public static partial void LinkRefused(this ILogger log, EndPoint remote, string reason);

    [LoggerMessage(EventId = 9102, Level = LogLevel.Information, Message = "linked with {Peer} at {Remote}")]
    public static partial void Linked(this ILogger log, string peer, EndPoint remote);

    [LoggerMessage(EventId = 9103, Level = LogLevel.Information, Message = "the link with {Peer} ended: {Reason}")]
    public static partial void LinkEnded(this ILogger log, string peer, string reason);

    [LoggerMessage(EventId = 9104, Level = LogLevel.Warning,
        Message = "the clock of {Peer} differs by {Seconds} s: times in logs and rows mislead")]
    public static partial void ClocksDiffer(this ILogger log, string peer, double seconds);
}
