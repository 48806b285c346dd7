using System.Collections.Immutable;
using System.Text.Json;

namespace Aedile.Silo.Identity.External;

/// <summary>Reads sets of keys (JWKS, RFC 7517).</summary>
internal static class ExternalKeys
{
    private const int KeysMax = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>All keys of a set that we can use, by id. Total.</summary>
    /// <returns>
    /// Null unless it is a set: an object with 1 to 64 <c>keys</c>, of which no two that we can use have one id.
    /// </returns>
    public static ImmutableDictionary<string, ExternalKey>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind is not JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out var keys)
                || keys.ValueKind is not JsonValueKind.Array
                || keys.GetArrayLength() is 0 or > KeysMax) return null;
            return ById(keys.EnumerateArray().Select(ExternalKey.Read));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null; // Not JSON, a member twice, names that are not valid Unicode.
        }
    }

    /// <summary>Keys by id, those left out that are null.</summary>
    /// <returns>Null when two have one id: which of them is meant, nobody knows.</returns>
    public static ImmutableDictionary<string, ExternalKey>? ById(IEnumerable<ExternalKey?> keys)
    {
        var byId = ImmutableDictionary.CreateBuilder<string, ExternalKey>(StringComparer.Ordinal);
        foreach (var key in keys.OfType<ExternalKey>())
        {
            if (!byId.TryAdd(key.Kid, key)) return null;
        }
        return byId.ToImmutable();
    }
}
