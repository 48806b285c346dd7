using System.Buffers.Text;
using System.Security.Cryptography;
using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>What the kinds of identity must keep, beyond what their types say. Pure and total.</summary>
public static class IdentityRules
{
    /// <summary>Fewest iterations of a password's hash; below, a stolen hash is soon guessed.</summary>
    public const int IterationsMin = 100_000;

    /// <summary>Most iterations: a planted hash must not keep a silo busy for minutes.</summary>
    public const int IterationsMax = 10_000_000;

    private const int SaltBytesMin = 16;
    private const int HashBytesMin = 32;
    private const int HashBytesMax = 64;
    private const int AttributesMax = 64;
    private const int TextCharactersMax = 255;
    private const int ListMax = 64;

    /// <summary>All faults of a spec; none for kinds of other domains.</summary>
    public static IEnumerable<SpecFault> FaultsOf(EntitySpec spec) => spec switch
    {
        IdentitySpec identity => FaultsOf(identity),
        RoleSpec { Permissions.Count: 0 } => [new("permissions", "A role allows something.")],
        RoleSpec role when role.Permissions.Contains(default) =>
            [new("permissions", "A permission is KIND:VERB or '*'.")],
        RoleSpec { Permissions.Count: > ListMax } => [new("permissions", $"A role has {ListMax} permissions at most.")],
        AuthenticatorSpec authenticator => FaultsOf(authenticator),
        SigningKeySpec key => FaultsOf(key),
        ExternalSignerSpec signer => FaultsOf(signer),
        CertificateAuthoritySpec authority => FaultsOf(authority),
        RevocationSpec revocation => FaultsOf(revocation),
        _ => [],
    };

    private static IEnumerable<SpecFault> FaultsOf(IdentitySpec identity)
    {
        if (identity.Type is IdentityType.Unknown || !Enum.IsDefined(identity.Type))
            yield return new("type", "The type is person, program, silo or agent.");
        if ((identity.Type is IdentityType.Agent) != (identity.Node is { } node && node != default))
            yield return new("node", "An agent has a node, nobody else has.");
        if (identity.Roles.Contains(default) || identity.Roles.Count > ListMax)
            yield return new("roles", $"Roles are ids, {ListMax} at most.");
        if (identity.Attributes.Length > AttributesMax
            || !identity.Attributes.All(text => EntityId.TryParse(text, null, out _)))
            yield return new("attributes", $"Attributes follow the rule of ids, {AttributesMax} at most.");
        if (identity.External is { } account && (account.Signer == default || !IsVisible(account.Subject)))
            yield return new("external", "An account has a signer and a subject of 1 to 255 visible characters.");
    }

    private static IEnumerable<SpecFault> FaultsOf(AuthenticatorSpec authenticator)
    {
        var (password, certificate, enrolment) =
            (authenticator.Password, authenticator.Certificate, authenticator.Enrolment);
        if (authenticator.Identity == default) yield return new("identity", "An authenticator is somebody's.");
        if (new object?[] { password, certificate, enrolment }.Count(proof => proof is not null) != 1)
            yield return new("password", "Exactly one of password, certificate and enrolment is given.");
        if (password is not null && !IsHash(password.Hash))
            yield return new("password.hash", "The hash is pbkdf2-sha512 with 100,000 to 10,000,000 iterations.");
        if (password is { Locks: < 0 }) yield return new("password.locks", "A count is not negative.");
        if (certificate is not null && certificate.Fingerprint == default)
            yield return new("certificate.fingerprint", "A fingerprint is 43 characters of base64url.");
        if (enrolment is not null && !IdText.IsBase64Url(enrolment.Digest, SHA256.HashSizeInBytes))
            yield return new("enrolment.digest", "The digest is a SHA-256 as base64url.");
    }

    private static IEnumerable<SpecFault> FaultsOf(SigningKeySpec key)
    {
        if (!VerificationKey.TryParse(key.PublicKey, out var read))
            yield return new("publicKey", "The key is an ECDSA key on P-256, SubjectPublicKeyInfo as base64url.");
        else if (read.Id != key.Kid)
            yield return new("kid", "The id is the SHA-256 of the key.");
        if (!IsVisible(key.Silo)) yield return new("silo", "A silo has a name.");
        if (key.NotBefore > key.SignsUntil || key.SignsUntil > key.NotAfter)
            yield return new("notAfter", "A key signs first, then stops, and is trusted to the end of its last token.");
    }

    private static IEnumerable<SpecFault> FaultsOf(ExternalSignerSpec signer)
    {
        if (!Uri.TryCreate(signer.Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not "https")
            yield return new("issuer", "An issuer is an https address.");
        if (!IsVisible(signer.Audience)) yield return new("audience", "An audience is 1 to 255 visible characters.");
        if (!IsVisible(signer.SubjectClaim)) yield return new("subjectClaim", "A claim has a name.");
        if ((signer.JwksUri is null) == (signer.Keys is null))
            yield return new("jwksUri", "Either the address of the keys is given, or the keys.");
        if (signer.JwksUri is { } uri && (!uri.IsAbsoluteUri || uri.Scheme is not "https" || uri.UserInfo is not ""))
            yield return new("jwksUri", "The address is https, without a password.");
        if (signer.Keys is { } keys && (keys.IsDefaultOrEmpty || keys.Length > ListMax))
            yield return new("keys", $"There are 1 to {ListMax} keys.");
    }

    private static IEnumerable<SpecFault> FaultsOf(CertificateAuthoritySpec authority)
    {
        using var certificate = PeerTrust.ReadAuthority(authority.Certificate);
        if (certificate is null)
            yield return new("certificate", "The certificate is an authority's with an ECDSA key on P-256.");
        else if (Fingerprint.Of(certificate) != authority.Fingerprint)
            yield return new("fingerprint", "The fingerprint is the SHA-256 of the certificate.");
        if (!IsVisible(authority.Silo)) yield return new("silo", "A silo has a name.");
        if (authority.NotBefore > authority.IssuesUntil || authority.IssuesUntil > authority.NotAfter)
            yield return new("notAfter", "An authority issues first, then stops, and is trusted to the last end.");
    }

    private static IEnumerable<SpecFault> FaultsOf(RevocationSpec revocation)
    {
        if ((revocation.Token is { } token && token != default) == (revocation.Identity is { } id && id != default))
            yield return new("token", "Either one token is taken back, or those of an identity.");
        if ((revocation.Identity is null) != (revocation.IssuedBefore is null))
            yield return new("issuedBefore", "With an identity there is a moment, and only then.");
    }

    private static bool IsHash(PasswordHash? hash) =>
        hash is { Algorithm: "pbkdf2-sha512", Iterations: >= IterationsMin and <= IterationsMax }
        && BytesOf(hash.Salt) is >= SaltBytesMin and <= HashBytesMax
        && BytesOf(hash.Value) is >= HashBytesMin and <= HashBytesMax;

    private static int BytesOf(string text) =>
        text.Length <= Base64Url.GetEncodedLength(HashBytesMax) ? CanonicalBase64Url.Decode(text)?.Length ?? 0 : 0;

    private static bool IsVisible(string? text) =>
        text is { Length: >= 1 and <= TextCharactersMax } && text.All(c => c is > ' ' and <= '~');
}
