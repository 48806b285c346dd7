namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Log events 1060 to 1069: what nodes say of themselves. An id is never reused.</summary>
internal static partial class StatusLog
{
    [LoggerMessage(EventId = 1060, Level = LogLevel.Warning,
        Message = "what nodes say of themselves can't be written or read now, and what is shown is old")]
    public static partial void StatusNotWritten(this ILogger log, Exception exception);
}
