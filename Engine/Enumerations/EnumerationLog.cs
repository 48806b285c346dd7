using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Enumerations;

/// <summary>Log events 9650 to 9699: enumerations. An id is never reused.</summary>
internal static partial class EnumerationLog
{
    [LoggerMessage(EventId = 9650, Level = LogLevel.Information,
        Message = "ended an enumeration of {Grain}: nobody asked for its next page within {Limit}")]
    public static partial void EnumerationDropped(this ILogger log, GrainId grain, TimeSpan limit);

    [LoggerMessage(EventId = 9651, Level = LogLevel.Warning,
        Message = "an iterator of {Grain} failed while it cleaned up; its enumeration is over all the same")]
    public static partial void EnumerationFailedToEnd(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(EventId = 9652, Level = LogLevel.Warning,
        Message = "an iterator of {Grain} did not stop within {Limit} after its token was cancelled; it is left alone")]
    public static partial void IteratorLeft(this ILogger log, GrainId grain, TimeSpan limit);

    [LoggerMessage(EventId = 9653, Level = LogLevel.Warning,
        Message = "the end of an enumeration of {Grain} could not be told to it: {Reason}; it ends by itself")]
    public static partial void EndUntold(this ILogger log, GrainId grain, string reason);
}
