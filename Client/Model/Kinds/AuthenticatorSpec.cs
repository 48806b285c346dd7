using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>One way in which an identity proves who it is. Exactly one of the three is not null.</summary>
/// <param name="Identity">Who proves itself by it.</param>
/// <param name="Password">By a password.</param>
/// <param name="Certificate">By a client certificate.</param>
/// <param name="Enrolment">By a token that works once.</param>
[EntityKind("authenticator", "authenticators")]
public sealed record AuthenticatorSpec(
    EntityId Identity, PasswordProof? Password = null, CertificateProof? Certificate = null,
    EnrolmentProof? Enrolment = null) : EntitySpec, IHoldsSecrets
{
    /// <inheritdoc/>
    public EntitySpec WithoutSecrets() => this with
    {
        Password = Password is null ? null : Password with { Hash = null },
        Enrolment = Enrolment is null ? null : Enrolment with { Digest = null },
    };
}

/// <summary>A password, of which only a slow hash is kept.</summary>
/// <param name="Hash">The hash; null only in what is shown to readers.</param>
/// <param name="LockedUntil">Until when (UTC) no password is tried, right or wrong; null for not locked.</param>
/// <param name="Locks">How often in a row it was locked; the next lock-out is the longer for it.</param>
public sealed record PasswordProof(PasswordHash? Hash, DateTimeOffset? LockedUntil = null, int Locks = 0);

/// <summary>A password's hash, and how it was made: each can be checked for as long as it is kept.</summary>
/// <param name="Algorithm">How; today always <c>pbkdf2-sha512</c> (RFC 8018).</param>
/// <param name="Iterations">How often; what a guess costs.</param>
/// <param name="Salt">At least 16 bytes of chance, base64url.</param>
/// <param name="Value">The derived bytes, base64url.</param>
public sealed record PasswordHash(string Algorithm, int Iterations, string Salt, string Value);

/// <summary>
/// A client certificate that is a login, whoever issued it: this one alone is taken, for as long as it says itself and
/// no longer than is said here.
/// </summary>
/// <param name="Fingerprint">Which certificate.</param>
/// <param name="NotAfter">Until when (UTC) it is a login.</param>
public sealed record CertificateProof(Fingerprint Fingerprint, DateTimeOffset NotAfter);

/// <summary>
/// A one-time token, of which only the digest is kept: it has 256 bits of chance, so SHA-256 is enough.
/// </summary>
/// <param name="Digest">SHA-256 of its secret, base64url; null only in what is shown to readers.</param>
/// <param name="ExpiresAt">Until when (UTC) it may be used.</param>
/// <param name="UsedAt">When it was used; null while it wasn't. Set by compare-and-set, never unset.</param>
/// <param name="UsedBy">
/// The key that a certificate was issued for by it: whoever holds that key may ask again; null for none.
/// </param>
public sealed record EnrolmentProof(
    string? Digest, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt = null, KeyId? UsedBy = null);
