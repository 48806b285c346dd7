using System.Net;
using Aedile.Client.Identity;
using Aedile.Client.Model;

namespace Aedile.Silo.Identity;

/// <summary>
/// Log events 5100 to 5199: identity. An id is never reused. No token, password, key or digest is ever logged.
/// </summary>
internal static partial class IdentityLog
{
    [LoggerMessage(EventId = 5100, Level = LogLevel.Information,
        Message = "fetched {Count} keys of the external signer {Signer}")]
    public static partial void SignerKeysFetched(this ILogger log, EntityId signer, int count);

    /// <summary>Logins by this signer fail once its last keys are too old. Alert if it repeats.</summary>
    [LoggerMessage(EventId = 5101, Level = LogLevel.Warning,
        Message = "could not fetch the keys of the external signer {Signer} from {Host}: {Why}")]
    public static partial void SignerKeysNotFetched(this ILogger log, EntityId signer, string host, string why);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Information,
        Message = "published the signing key {Kid}: it signs from {From} until {Until}")]
    public static partial void KeyPublished(
        this ILogger log, KeyId kid, DateTimeOffset from, DateTimeOffset until);

    [LoggerMessage(EventId = 5103, Level = LogLevel.Warning,
        Message = "could not publish the signing key {Kid}: {Outcome} {Detail}; another one will be made")]
    public static partial void KeyNotPublished(this ILogger log, KeyId kid, ModelOutcome outcome, string detail);

    [LoggerMessage(EventId = 5104, Level = LogLevel.Information,
        Message = "forgot the private half of the signing key {Kid}: it is over, withdrawn, or was never published")]
    public static partial void KeyForgotten(this ILogger log, string kid);

    [LoggerMessage(EventId = 5105, Level = LogLevel.Error,
        Message = "the file of the signing key {Kid} is damaged; another key will be made")]
    public static partial void KeyNotReadable(this ILogger log, string kid);

    [LoggerMessage(EventId = 5110, Level = LogLevel.Information,
        Message = "{Identity} logged in by {Way} from {Address}")]
    public static partial void LoggedIn(this ILogger log, EntityId identity, string way, IPAddress? address);

    /// <summary>Many of these from one address are a guesser.</summary>
    [LoggerMessage(EventId = 5111, Level = LogLevel.Information,
        Message = "refused a login by {Way} from {Address}: {Why}")]
    public static partial void LoginRefused(this ILogger log, string way, IPAddress? address, string why);

    [LoggerMessage(EventId = 5112, Level = LogLevel.Warning,
        Message = "locked {Identity} until {Until} after wrong passwords, the last one from {Address}")]
    public static partial void Locked(
        this ILogger log, EntityId identity, DateTimeOffset until, IPAddress? address);
}
