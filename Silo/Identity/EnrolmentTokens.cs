using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity;

/// <summary>What an enrolment token is worth.</summary>
internal enum EnrolmentOutcome
{
    /// <summary>Nothing that this program knows.</summary>
    Unknown,

    /// <summary>It is good; the caller stores the spent proof with a compare-and-set, and only then answers.</summary>
    Good,

    /// <summary>It is not the token of this authenticator.</summary>
    Wrong,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was used before.</summary>
    Used,
}

/// <summary>
/// One-time tokens: 256 bits of chance, of which the model keeps the SHA-256. The text,
/// <c>aen_AUTHENTICATOR.SECRET</c>, names the authenticator, so that nothing has to be searched for by its secret.
/// </summary>
internal static class EnrolmentTokens
{
    private const string Prefix = "aen_";
    private const int SecretBytes = 32;

    /// <summary>Makes a token.</summary>
    /// <param name="authenticator">Id of the authenticator that will keep its digest.</param>
    /// <param name="expiresAt">Until when (UTC) it may be used.</param>
    /// <returns>The text, which is shown once and kept nowhere, and what to keep.</returns>
    public static (string Text, EnrolmentProof Proof) Issue(EntityId authenticator, DateTimeOffset expiresAt)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{Prefix}{authenticator}.{secret}", new EnrolmentProof(DigestOf(secret), expiresAt));
    }

    /// <summary>Takes a token's text apart.</summary>
    public static bool TryParse(string? text, out EntityId authenticator, [NotNullWhen(true)] out string? secret)
    {
        (authenticator, secret) = (default, null);
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !EntityId.TryParse(text[Prefix.Length..dot], null, out authenticator)) return false;
        var rest = text[(dot + 1)..];
        if (CanonicalBase64Url.Decode(rest.Length <= Prefix.Length + (2 * SecretBytes) ? rest : null)
            is not { Length: SecretBytes }) return false;
        secret = rest;
        return true;
    }

    /// <summary>What a secret is worth now, and the proof as it stands when it has been spent. Pure.</summary>
    /// <param name="proof">What is kept of the token.</param>
    /// <param name="secret">What was sent.</param>
    /// <param name="now">Now (UTC).</param>
    /// <param name="key">
    /// The key that the sender has proven to hold; null for none. Who spent the token with a key, and lost the answer,
    /// may ask again with the same key: nobody else can use what is issued for it.
    /// </param>
    public static (EnrolmentOutcome Outcome, EnrolmentProof After) Redeem(
        EnrolmentProof proof, string secret, DateTimeOffset now, KeyId? key = null)
    {
        // Only who has the secret learns more than that it is wrong.
        if (!IsRight(secret, proof.Digest)) return (EnrolmentOutcome.Wrong, proof);
        var isRepeat = key is not null && key == proof.UsedBy;
        if (proof.UsedAt is not null && !isRepeat) return (EnrolmentOutcome.Used, proof);
        if (now >= proof.ExpiresAt) return (EnrolmentOutcome.Expired, proof);
        return (EnrolmentOutcome.Good, isRepeat ? proof : proof with { UsedAt = now, UsedBy = key });
    }

    private static bool IsRight(string secret, string? digest) =>
        digest is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(DigestOf(secret)), Encoding.ASCII.GetBytes(digest));

    private static string DigestOf(string secret) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
