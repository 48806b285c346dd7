using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Identity;

/// <summary>Which token: 128 bits that nobody can guess, as base64url. The <c>jti</c>; a revocation names it.</summary>
[JsonConverter(typeof(TextJsonConverter<TokenId>))]
public readonly record struct TokenId : IParsable<TokenId>
{
    private const int Bytes = 16;

    private readonly string? _value;

    private TokenId(string value) => _value = value;

    /// <summary>22 characters of base64url; empty for the default value, which no token has.</summary>
    public string Value => _value ?? "";

    /// <summary>Makes an id from 128 bits of the caller's source of chance.</summary>
    public static TokenId From(Guid bits) => new(Base64Url.EncodeToString(bits.ToByteArray()));

    /// <inheritdoc/>
    public static TokenId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not the id of a token.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TokenId result)
    {
        var valid = IdText.IsBase64Url(s, Bytes);
        result = valid ? new TokenId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
