namespace Aedile.Silo.Identity.Logins;

/// <summary>Why a login gave no token.</summary>
internal enum LoginRefusal
{
    /// <summary>No reason that this program knows.</summary>
    Unknown,

    /// <summary>It is not right; whether name, password or token, nobody is told.</summary>
    Wrong,

    /// <summary>Too many wrong passwords, or too many logins: later.</summary>
    Later,

    /// <summary>The new password can't be set.</summary>
    BadPassword,

    /// <summary>What came with it can't be taken.</summary>
    BadRequest,

    /// <summary>The enrolment token was used before.</summary>
    Used,

    /// <summary>The enrolment token is too late.</summary>
    Expired,

    /// <summary>The database is away, or this silo has no key yet.</summary>
    NotNow,

    /// <summary>The certificate is nobody's login.</summary>
    UnknownCertificate,

    /// <summary>The certificate is over.</summary>
    CertificateExpired,

    /// <summary>The certificate's time has not begun.</summary>
    CertificateNotYetValid,

    /// <summary>Who has shown a certificate of his is disabled.</summary>
    IdentityDisabled,
}

/// <summary>Answer to a login: a token, or why there is none.</summary>
/// <param name="Token">The token.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Detail">For people; says nothing that a guesser could use.</param>
/// <param name="Wait">After what time another try makes sense; zero when it doesn't.</param>
internal sealed record LoginAnswer(IssuedToken? Token, LoginRefusal? Refusal, string Detail, TimeSpan Wait)
{
    /// <summary>A login that is wrong, be it for this reason or that.</summary>
    public static LoginAnswer Wrong { get; } = Refused(LoginRefusal.Wrong, "The login is wrong.");

    /// <summary>A login that could not be looked at now.</summary>
    public static LoginAnswer NotNow { get; } = new(
        null, LoginRefusal.NotNow, "Logins can't be taken now; try again.", TimeSpan.FromSeconds(1));

    /// <summary>A login that gave a token.</summary>
    public static LoginAnswer Of(IssuedToken? token) => token is null ? NotNow : new(token, null, "", TimeSpan.Zero);

    /// <summary>A login that gave none.</summary>
    public static LoginAnswer Refused(LoginRefusal reason, string detail) => new(null, reason, detail, TimeSpan.Zero);

    /// <summary>A login that came too early.</summary>
    public static LoginAnswer Later(TimeSpan wait) => new(
        null, LoginRefusal.Later, $"Too many logins; try again in {Math.Ceiling(wait.TotalSeconds)} s.", wait);
}
