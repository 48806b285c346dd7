using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Aedile.Silo.Gateway;

/// <summary>Which part of a list is asked for. Lists are never without bound.</summary>
/// <param name="Limit">Most items.</param>
/// <param name="After">Where the page before ended, as its list wrote it down; empty at the beginning.</param>
internal sealed record PageQuery(int Limit, ImmutableArray<string?> After)
{
    private const int CursorLengthMax = 8 * 1024;

    // Short: the cursor is encoded once more, and never shown on a page.
    private static readonly JsonSerializerOptions Cursors = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Parses <c>limit</c> and <c>cursor</c>. The list must check that the place is one of its own.</summary>
    /// <returns>The query, or what is wrong.</returns>
    public static (PageQuery? Query, Refusal? Refusal) Parse(IQueryCollection query, int limitDefault, int limitMax)
    {
        if (ParseLimit(query["limit"], limitDefault, limitMax) is not { } limit)
            return (null, Problems.InvalidParameter("limit", $"The limit must be one number from 1 to {limitMax}."));
        return ParseCursor(query["cursor"]) is { } after
            ? (new PageQuery(limit, after), null)
            : (null, Problems.InvalidCursor());
    }

    /// <summary>The cursor of a page that ends at a place. Opaque to clients.</summary>
    public static string CursorAfter(ImmutableArray<string?> place) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place, Cursors));

    private static int? ParseLimit(StringValues given, int limitDefault, int limitMax) => given switch
    {
        [] => limitDefault,
        [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit >= 1 && limit <= limitMax => limit,
        _ => null,
    };

    private static ImmutableArray<string?>? ParseCursor(StringValues given)
    {
        if (given.Count == 0) return [];
        if (given is not [{ Length: <= CursorLengthMax } text] || !Base64Url.IsValid(text)) return null;
        try
        {
            var place = JsonSerializer.Deserialize<ImmutableArray<string?>>(Base64Url.DecodeFromChars(text), Cursors);
            return place.IsDefaultOrEmpty ? null : place;
        }
        catch (JsonException)
        {
            return null; // Whatever it is, no page gave it.
        }
    }
}
