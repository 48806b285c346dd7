using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Silo.Identity.Logins;

namespace Aedile.Silo.Gateway.Access;

/// <summary>The problems of logins, tokens and permissions. A type is never renamed: programs decide by it.</summary>
internal static class AccessProblems
{
    public static Refusal LoginWrong() => new("login-wrong", "The login is wrong", 401, "The login is wrong.");

    public static Refusal TooManyLogins(string detail, TimeSpan wait) => new(
        "too-many-logins", "Too many logins", 429, detail, Retryable: true,
        RetryAfterSeconds: (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, int.MaxValue));

    public static Refusal TooManyRequests(int perSecond, TimeSpan wait) => new(
        "too-many-requests", "Too many requests", 429,
        $"One identity may make {perSecond} requests a second of one silo.", Retryable: true,
        RetryAfterSeconds: (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, int.MaxValue));

    public static Refusal EnrolmentOver(string detail) => new(
        "enrolment-over", "The enrolment token is over", 410, detail, "enrolmentToken");

    public static Refusal CertificateMissing(bool isEncrypted) => new(
        "certificate-missing", "No certificate is shown", 401, isEncrypted
            ? "The connection shows no client certificate, and a login by certificate needs one."
            : "The connection is not encrypted, so it can't show a certificate; use https.");

    /// <summary>Why a certificate is no login: whoever has its key may know.</summary>
    public static Refusal CertificateRefused(LoginRefusal reason, string detail)
    {
        var (type, title) = reason switch
        {
            LoginRefusal.CertificateExpired => ("certificate-expired", "The certificate is over"),
            LoginRefusal.CertificateNotYetValid => ("certificate-not-yet-valid", "The certificate is not valid yet"),
            LoginRefusal.IdentityDisabled => ("identity-disabled", "The identity is disabled"),
            _ => ("certificate-unknown", "The certificate is nobody's login"),
        };
        return new Refusal(type, title, 401, detail);
    }

    public static Refusal CertificateTaken() => new(
        "certificate-taken", "The certificate is somebody else's", 409,
        "Another identity logs in by this certificate already.", "certificate");

    public static Refusal NoSuchIdentity(string id) => new(
        "identity-not-found", "There is no such identity", 404, $"There is no identity '{id}'.", "identity");

    public static Refusal Forbidden(Need need) => new(
        "forbidden", "A permission is missing", 403, $"This needs the permission '{need.Kind}:{need.Verb}'.");

    public static Refusal WrongKind() => new(
        "forbidden", "This is not for the caller", 403,
        "Agents make their own calls and no others; nobody else makes these.");

    public static Refusal OtherNode(NodeName node) => new(
        "other-node", "An agent speaks for its own node", 403, $"The token is not of the agent of {node}.", "node");

    public static Refusal MoreThanOwn() => new(
        "more-than-own", "Nobody gives what he hasn't", 403,
        "The roles allow more than the caller may do.", "roles");

    /// <summary>Why a token is not taken: whoever has it may know.</summary>
    public static Refusal TokenRefused(TokenRefusal reason) => new(
        "token-refused", "The token is refused", 401, reason switch
        {
            TokenRefusal.Malformed => "This is no token of the form that silos issue.",
            TokenRefusal.WrongAlgorithm => "A token is signed with ES256.",
            TokenRefusal.UnknownKey => "No key of this fleet signed the token, or the key was withdrawn.",
            TokenRefusal.BadSignature => "The token was changed after it was signed.",
            TokenRefusal.Expired => "The token has expired; log in again.",
            TokenRefusal.NotYetValid => "The token is not valid yet: a clock is wrong.",
            TokenRefusal.OtherFleet => "Another fleet issued the token.",
            TokenRefusal.WrongAudience => "The token is not for silos.",
            TokenRefusal.Revoked => "The token was taken back.",
            TokenRefusal.UnknownIdentity => "The token's holder doesn't exist any more.",
            TokenRefusal.IdentityDisabled => "The token's holder is disabled.",
            TokenRefusal.WrongCertificate => "The token is bound to a certificate that was not shown.",
            _ => "The token is refused.",
        }, "Authorization");
}
