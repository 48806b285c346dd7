using System.Security.Cryptography;
using System.Text.Json;
using Aedile.Client.Identity;

namespace Aedile.Silo.Identity.External;

/// <summary>A public key of an external signer (RFC 7517): ECDSA on P-256 for ES256, or RSA for RS256.</summary>
internal sealed class ExternalKey
{
    private const int RsaBitsMin = 2048;
    private const int RsaBitsMax = 8192; // A larger one is slow to check, and nobody has one.
    private const int CoordinateBytes = 32;
    private const int ExponentBytesMax = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly ECParameters? _ec;
    private readonly RSAParameters? _rsa;

    private ExternalKey(string kid, ECParameters? ec, RSAParameters? rsa) => (Kid, _ec, _rsa) = (kid, ec, rsa);

    /// <summary>Its id, as the signer gives it.</summary>
    public string Kid { get; }

    /// <summary>The one algorithm that it is used with; a token can't choose another.</summary>
    public string Algorithm => _ec is null ? "RS256" : "ES256";

    /// <summary>Reads one key. Total.</summary>
    /// <returns>Null for what is not a public signing key of the two kinds with an id: others are left alone.</returns>
    public static ExternalKey? Read(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object) return null;
        if (CompactJws.TextOf(json, "kid") is not { Length: >= 1 and <= 255 } kid) return null;
        if (json.TryGetProperty("use", out _) && CompactJws.TextOf(json, "use") is not "sig") return null;
        var key = CompactJws.TextOf(json, "kty") switch
        {
            "EC" => ReadEc(json, kid),
            "RSA" => ReadRsa(json, kid),
            _ => null,
        };
        return json.TryGetProperty("alg", out _) && CompactJws.TextOf(json, "alg") != key?.Algorithm ? null : key;
    }

    /// <summary>Reads one key of a text.</summary>
    public static ExternalKey? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null; // Not JSON: no key.
        }
    }

    /// <summary>Whether its private half signed.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (_ec is { } point)
            {
                using var key = ECDsa.Create(point);
                return key.VerifyData(
                    data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
            using var modulus = RSA.Create(_rsa!.Value);
            return modulus.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false; // A point that is not on the curve, a modulus that is none.
        }
    }

    private static ExternalKey? ReadEc(JsonElement json, string kid)
    {
        if (CompactJws.TextOf(json, "crv") is not "P-256") return null;
        if (BytesOf(json, "x") is not { Length: CoordinateBytes } x) return null;
        if (BytesOf(json, "y") is not { Length: CoordinateBytes } y) return null;
        var point = new ECPoint { X = x, Y = y };
        return new ExternalKey(kid, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }, null);
    }

    private static ExternalKey? ReadRsa(JsonElement json, string kid)
    {
        if (BytesOf(json, "n") is not { Length: >= RsaBitsMin / 8 and <= RsaBitsMax / 8 } modulus) return null;
        if (BytesOf(json, "e") is not { Length: >= 1 and <= ExponentBytesMax } exponent) return null;
        return new ExternalKey(kid, null, new RSAParameters { Modulus = modulus, Exponent = exponent });
    }

    private static byte[]? BytesOf(JsonElement json, string name) =>
        CanonicalBase64Url.Decode(CompactJws.TextOf(json, name));
}
