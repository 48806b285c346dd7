namespace Aedile.Silo.Gateway.Pages;

/// <summary>Log events 1100 to 1119: what the dashboard shows. An id is never reused.</summary>
internal static partial class PagesLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Debug, Message = "the activations could not be counted")]
    public static partial void ActivationsNotCounted(this ILogger log, Exception exception);
}
