using System.Text.Json;
using Aedile.Client.Identity;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.External;

/// <summary>
/// A token of an external signer (OpenID Connect ID token), taken apart and then judged. Good for a login and nothing
/// else: whoever has it gets a token of ours, with our expiry and our revocations.
/// </summary>
internal sealed class ExternalToken
{
    private const int SubjectCharactersMax = 255;
    private const double SecondsMax = 253_402_300_799;

    private readonly CompactJws _jws;

    private ExternalToken(CompactJws jws, string algorithm, string kid, string issuer) =>
        (_jws, Algorithm, Kid, Issuer) = (jws, algorithm, kid, issuer);

    /// <summary>The algorithm that it claims.</summary>
    public string Algorithm { get; }

    /// <summary>The key that it names.</summary>
    public string Kid { get; }

    /// <summary>
    /// The signer that it names; chooses whose keys are asked, and is compared with that signer's again.
    /// </summary>
    public string Issuer { get; }

    /// <summary>Takes a text apart. Nothing of it is believed yet.</summary>
    public static ExternalToken? Parse(string text)
    {
        if (!CompactJws.TryParse(text, out var jws)) return null;
        // Extensions that must be understood are not; an unencoded payload (RFC 7797) is one even without `crit`.
        if (jws.Header.TryGetProperty("crit", out _) || jws.Header.TryGetProperty("b64", out _)) return null;
        return CompactJws.TextOf(jws.Header, "alg") is { } algorithm
            && CompactJws.TextOf(jws.Header, "kid") is { Length: > 0 } kid
            && CompactJws.TextOf(jws.Payload, "iss") is { Length: > 0 } issuer
            ? new ExternalToken(jws, algorithm, kid, issuer)
            : null;
    }

    /// <summary>Whose login it is. Pure and total.</summary>
    /// <param name="signer">The signer of <see cref="Issuer"/>.</param>
    /// <param name="key">Its key of <see cref="Kid"/>.</param>
    /// <param name="now">Now.</param>
    /// <param name="skew">How far apart clocks may be.</param>
    /// <returns>What the signer calls the account, or why the token is refused.</returns>
    public (string? Subject, TokenRefusal? Refusal) Judge(
        ExternalSignerSpec signer, ExternalKey key, DateTimeOffset now, TimeSpan skew)
    {
        // The key decides: a token that may choose could call an RSA key's text a shared secret.
        if (Algorithm != key.Algorithm) return (null, TokenRefusal.WrongAlgorithm);
        if (!key.Verify(_jws.Signed.Span, _jws.Signature.Span)) return (null, TokenRefusal.BadSignature);
        var claims = _jws.Payload;
        if (Issuer != signer.Issuer) return (null, TokenRefusal.OtherFleet);
        if (!IsFor(claims, signer.Audience)) return (null, TokenRefusal.WrongAudience);
        if (!TryReadTime(claims, "exp", out var expiresAt) || expiresAt is null)
            return (null, TokenRefusal.Malformed);
        if (now >= expiresAt + skew) return (null, TokenRefusal.Expired);
        foreach (var name in (string[])["nbf", "iat"])
        {
            if (!TryReadTime(claims, name, out var from)) return (null, TokenRefusal.Malformed);
            if (from is not null && now < from - skew) return (null, TokenRefusal.NotYetValid);
        }
        return CompactJws.TextOf(claims, signer.SubjectClaim) is { Length: >= 1 and <= SubjectCharactersMax } subject
            && subject.All(c => c is > ' ' and <= '~')
            ? (subject, null)
            : (null, TokenRefusal.Malformed);
    }

    // A token for several is only for us if it was given to us (`azp`): another of them could show it here.
    private static bool IsFor(JsonElement claims, string audience)
    {
        if (CompactJws.TextOf(claims, "aud") is { } one) return one == audience;
        if (!claims.TryGetProperty("aud", out var list) || list.ValueKind is not JsonValueKind.Array) return false;
        var isNamed = list.EnumerateArray()
            .Any(item => item.ValueKind is JsonValueKind.String && item.ValueEquals(audience));
        return isNamed && (list.GetArrayLength() == 1 || CompactJws.TextOf(claims, "azp") == audience);
    }

    private static bool TryReadTime(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out var value)) return true;
        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetDouble(out var seconds)
            || seconds is not (>= 0 and <= SecondsMax)) return false;
        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }
}
