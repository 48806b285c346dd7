using System.Net;
using Microsoft.Extensions.Logging;

namespace Aedile.Dashboard;

/// <summary>Log events 6000 to 6999: the dashboard. An id is never reused.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "{Name} signed in from {Address}")]
    public static partial void SignedIn(this ILogger log, string name, IPAddress? address);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Information, Message = "{Name} signed out")]
    public static partial void SignedOut(this ILogger log, string name);

    /// <summary>Someone mistyped, or tries. Many of them from one address become 6004.</summary>
    [LoggerMessage(EventId = 6003, Level = LogLevel.Information,
        Message = "refused a sign-in from {Address}: wrong token")]
    public static partial void SignInRefused(this ILogger log, IPAddress? address);

    [LoggerMessage(EventId = 6004, Level = LogLevel.Warning,
        Message = "refused a sign-in from {Address}: too many attempts within a minute")]
    public static partial void SignInThrottled(this ILogger log, IPAddress? address);
}
