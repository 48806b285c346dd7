namespace Aedile.Silo.Gateway;

/// <summary>Log events 2280 to 2299: what escaped an endpoint.</summary>
internal static partial class FailuresLog
{
    [LoggerMessage(EventId = 2280, Level = LogLevel.Warning, Message = "{Method} {Path} could not be served now")]
    public static partial void NotNow(this ILogger log, Exception exception, string method, PathString path);

    [LoggerMessage(EventId = 2281, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    public static partial void Bug(this ILogger log, Exception exception, string method, PathString path);
}
