using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Aedile.Client.Identity;

/// <summary>
/// Which key: the SHA-256 of a public key's SubjectPublicKeyInfo as base64url. It follows from the key, so that nobody
/// can give a key the id of another. The <c>kid</c> of tokens.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<KeyId>))]
public readonly record struct KeyId : IParsable<KeyId>
{
    private readonly string? _value;

    private KeyId(string value) => _value = value;

    /// <summary>43 characters of base64url; empty for the default value, which no key has.</summary>
    public string Value => _value ?? "";

    /// <summary>Id of a public key.</summary>
    /// <param name="subjectPublicKeyInfo">The key, DER.</param>
    public static KeyId Of(ReadOnlySpan<byte> subjectPublicKeyInfo) =>
        new(Base64Url.EncodeToString(SHA256.HashData(subjectPublicKeyInfo)));

    /// <inheritdoc/>
    public static KeyId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not the id of a key.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out KeyId result)
    {
        var valid = IdText.IsBase64Url(s, SHA256.HashSizeInBytes);
        result = valid ? new KeyId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
