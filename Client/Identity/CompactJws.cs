using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Aedile.Client.Identity;

/// <summary>A JSON Web Signature in compact form (RFC 7515), taken apart and not yet believed.</summary>
public sealed class CompactJws
{
    /// <summary>Longest text that is looked at.</summary>
    public const int CharactersMax = 8 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private CompactJws(JsonElement header, JsonElement payload, byte[] signed, byte[] signature) =>
        (Header, Payload, Signed, Signature) = (header, payload, signed, signature);

    /// <summary>The header, a JSON object without duplicate members.</summary>
    public JsonElement Header { get; }

    /// <summary>The payload, a JSON object without duplicate members.</summary>
    public JsonElement Payload { get; }

    /// <summary>The bytes that are signed.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    /// <summary>The signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>
    /// Takes a text apart. No signature is checked. Total: hostile text gives false, never an exception.
    /// </summary>
    /// <returns>False unless it is three parts of canonical base64url, the first two JSON objects, in 8 kB.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out CompactJws? result)
    {
        result = null;
        if (text.Length > CharactersMax) return false;
        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        // A third dot between them is no character of base64url.
        if (first < 1 || last == first) return false;
        var header = ParseObject(text.AsSpan(0, first));
        var payload = ParseObject(text.AsSpan(first + 1, last - first - 1));
        var signature = CanonicalBase64Url.Decode(text.AsSpan(last + 1));
        if (header is null || payload is null || signature is not { Length: > 0 }) return false;
        result = new CompactJws(header.Value, payload.Value, Encoding.ASCII.GetBytes(text[..last]), signature);
        return true;
    }

    /// <summary>
    /// A member's text; null if the object has none of the name, or it is no string of valid Unicode.
    /// </summary>
    public static string? TextOf(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind is not JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, escaped: the parser doesn't look inside of strings.
        }
    }

    private static JsonElement? ParseObject(ReadOnlySpan<char> part)
    {
        // The parser doesn't look inside of names and strings: invalid text would throw wherever it is read.
        if (CanonicalBase64Url.Decode(part) is not { } bytes || !Utf8.IsValid(bytes)) return null;
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null; // Not JSON, a member twice, or names that are not valid Unicode.
        }
    }
}
