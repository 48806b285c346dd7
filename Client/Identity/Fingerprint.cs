using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;

namespace Aedile.Client.Identity;

/// <summary>Which certificate: the SHA-256 of its DER form as base64url, as in <c>x5t#S256</c> (RFC 8705).</summary>
[JsonConverter(typeof(TextJsonConverter<Fingerprint>))]
public readonly record struct Fingerprint : IParsable<Fingerprint>
{
    private readonly string? _value;

    private Fingerprint(string value) => _value = value;

    /// <summary>43 characters of base64url; empty for the default value, which no certificate has.</summary>
    public string Value => _value ?? "";

    /// <summary>Fingerprint of a certificate.</summary>
    public static Fingerprint Of(X509Certificate2 certificate) =>
        new(Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span)));

    /// <inheritdoc/>
    public static Fingerprint Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var value) ? value : throw new FormatException($"'{s}' is not a fingerprint.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Fingerprint result)
    {
        var valid = IdText.IsBase64Url(s, SHA256.HashSizeInBytes);
        result = valid ? new Fingerprint(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
