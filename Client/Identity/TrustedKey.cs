using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Identity;

/// <summary>A silo's key, and when its signatures count; times are UTC, as in <see cref="SigningKeySpec"/>.</summary>
public sealed record TrustedKey(
    VerificationKey Key, DateTimeOffset NotBefore, DateTimeOffset SignsUntil, DateTimeOffset NotAfter)
{
    /// <summary>The key of a spec; null when the spec breaks a rule, and nothing may be believed by it.</summary>
    public static TrustedKey? Of(SigningKeySpec spec) =>
        VerificationKey.TryParse(spec.PublicKey, out var key) && key.Id == spec.Kid
            && spec.NotBefore <= spec.SignsUntil && spec.SignsUntil <= spec.NotAfter
            ? new TrustedKey(key, spec.NotBefore, spec.SignsUntil, spec.NotAfter)
            : null;

    /// <summary>
    /// Whether it was in use when a token says it was issued, and is trusted for as long as the token says.
    /// </summary>
    public bool Allows(AccessToken token, DateTimeOffset now, TimeSpan skew) =>
        token.IssuedAt >= NotBefore - skew && token.IssuedAt <= SignsUntil + skew
        && token.ExpiresAt <= NotAfter + skew && now < NotAfter + skew;
}
