using System.Net;
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
        this ILogger log, string kid, DateTimeOffset from, DateTimeOffset until);

    [LoggerMessage(EventId = 5103, Level = LogLevel.Warning,
        Message = "could not publish the signing key {Kid}: {Outcome} {Detail}; another one will be made")]
    public static partial void KeyNotPublished(this ILogger log, string kid, ModelOutcome outcome, string detail);

    [LoggerMessage(EventId = 5104, Level = LogLevel.Information,
        Message = "forgot the private half of the signing key {Kid}: it is over, withdrawn, or was never published")]
    public static partial void KeyForgotten(this ILogger log, string kid);

    [LoggerMessage(EventId = 5105, Level = LogLevel.Error,
        Message = "the file of the signing key {Kid} is damaged; another key will be made")]
    public static partial void KeyNotReadable(this ILogger log, string kid);

    [LoggerMessage(EventId = 5106, Level = LogLevel.Error, Message = "could not look after keys; trying again")]
    public static partial void TurnFailed(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 5107, Level = LogLevel.Information,
        Message = "made the first administrator; the one-time token to set a password is in {File}")]
    public static partial void FirstAdminMade(this ILogger log, string file);

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

    [LoggerMessage(EventId = 5120, Level = LogLevel.Information,
        Message = "published the authority {Fingerprint}: it issues from {From} until {Until}")]
    public static partial void AuthorityPublished(
        this ILogger log, string fingerprint, DateTimeOffset from, DateTimeOffset until);

    [LoggerMessage(EventId = 5121, Level = LogLevel.Warning,
        Message = "could not publish the authority {Fingerprint}: {Outcome} {Detail}; another one will be made")]
    public static partial void AuthorityNotPublished(
        this ILogger log, string fingerprint, ModelOutcome outcome, string detail);

    [LoggerMessage(EventId = 5122, Level = LogLevel.Information,
        Message = "forgot the private half of the authority {Fingerprint}: it is over, withdrawn, or never published")]
    public static partial void AuthorityForgotten(this ILogger log, string fingerprint);

    [LoggerMessage(EventId = 5123, Level = LogLevel.Error,
        Message = "the file of the authority {Fingerprint} is damaged; another authority will be made")]
    public static partial void AuthorityNotReadable(this ILogger log, string fingerprint);

    [LoggerMessage(EventId = 5124, Level = LogLevel.Information,
        Message = "issued a certificate to this silo, {Identity}: it is good until {Until}")]
    public static partial void CertificateIssued(this ILogger log, EntityId identity, DateTimeOffset until);

    /// <summary>Certificates and commands to agents fail on this silo until it is renamed.</summary>
    [LoggerMessage(EventId = 5125, Level = LogLevel.Error,
        Message = "the identity {Identity}, which is this silo's by its name, is not of a silo")]
    public static partial void OwnIdentityTaken(this ILogger log, EntityId identity);

    [LoggerMessage(EventId = 5126, Level = LogLevel.Warning,
        Message = "the model's journal is away at the start: {Why}; what is on disk must do")]
    public static partial void StartedWithoutJournal(this ILogger log, string why);

    [LoggerMessage(EventId = 5128, Level = LogLevel.Information,
        Message = "{File} and its key were exchanged: the gateway shows them from now on, until {Until}")]
    public static partial void BroughtCertificateTaken(this ILogger log, string file, DateTime until);

    /// <summary>Clients go on with the old one until it ends. Alert if no exchange follows.</summary>
    [LoggerMessage(EventId = 5129, Level = LogLevel.Warning,
        Message = "{File} was changed and is no certificate with its key now, so the old one is shown: {Why}")]
    public static partial void BroughtCertificateNotTaken(this ILogger log, string file, string why);

    /// <summary>Who calls is told nothing; a login by certificate would say why.</summary>
    [LoggerMessage(EventId = 5127, Level = LogLevel.Warning,
        Message = "refused a connection from {From}: its certificate is neither one of this fleet nor a login "
            + "({Fingerprint})")]
    public static partial void StrangerRefused(this ILogger log, EndPoint? from, string fingerprint);

    [LoggerMessage(EventId = 5130, Level = LogLevel.Information,
        Message = "{File} holds another token: it counts from now on, and the old one opens nothing any more")]
    public static partial void StaticTokenReplaced(this ILogger log, string file);

    /// <summary>Who has a token or a password of his own goes on.</summary>
    [LoggerMessage(EventId = 5131, Level = LogLevel.Warning, Message = "nobody has the static token now: {Why}")]
    public static partial void StaticTokenGone(this ILogger log, string why);
}
