using System.Net;
using Aedile.Client.Fleet;
using Aedile.Client.Model;

namespace Aedile.Agent.Identity;

/// <summary>
/// Log events 1080 to 1099: the agent's identity. An id is never reused. No token or key is ever logged.
/// </summary>
internal static partial class IdentityLog
{
    [LoggerMessage(EventId = 1080, Level = LogLevel.Information,
        Message = "enrolled as {Identity}, the agent of {Node}, until {Until}")]
    public static partial void Enrolled(this ILogger log, EntityId identity, NodeName node, DateTimeOffset until);

    [LoggerMessage(EventId = 1081, Level = LogLevel.Information,
        Message = "no silo enrols this agent yet: {Why} They are asked until one does")]
    public static partial void NotEnrolledYet(this ILogger log, string why);

    [LoggerMessage(EventId = 1082, Level = LogLevel.Information,
        Message = "renewed certificate and token: they are good until {Until}")]
    public static partial void Renewed(this ILogger log, DateTimeOffset until);

    /// <summary>There is time left; alert if it repeats for days.</summary>
    [LoggerMessage(EventId = 1083, Level = LogLevel.Warning,
        Message = "could not renew the certificate that ends at {Until}: {Why}; trying again")]
    public static partial void NotRenewed(this ILogger log, DateTimeOffset until, string why);

    [LoggerMessage(EventId = 1084, Level = LogLevel.Error,
        Message = "the certificate ended at {Until} ({Why}): start the agent with a new one-time token")]
    public static partial void Lapsed(this ILogger log, DateTimeOffset until, string why);

    /// <summary>Who calls can't be told why: by TLS 1.3 it is judged after its handshake.</summary>
    [LoggerMessage(EventId = 1087, Level = LogLevel.Warning,
        Message = "refused a connection from {From}: its certificate is not one of this fleet ({Fingerprint})")]
    public static partial void StrangerRefused(this ILogger log, EndPoint? from, string fingerprint);
}
