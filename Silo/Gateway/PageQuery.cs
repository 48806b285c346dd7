using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Aedile.Silo.Gateway;

/// <summary>Which part of a list is asked for. Lists are never without bound.</summary>
/// <param name="Limit">Most items.</param>
/// <param name="After">The name that the page before ended with; empty at the beginning.</param>
internal sealed record PageQuery(int Limit, string After)
{
    private const int CursorLengthMax = 1024;

    /// <summary>Parses <c>limit</c> and <c>cursor</c>.</summary>
    /// <returns>The query, or what is wrong.</returns>
    public static (PageQuery? Query, Refusal? Refusal) Parse(IQueryCollection query, int limitDefault, int limitMax)
    {
        if (ParseLimit(query["limit"], limitDefault, limitMax) is not { } limit)
            return (null, Problems.InvalidParameter("limit", $"The limit must be one number from 1 to {limitMax}."));
        if (ParseCursor(query["cursor"]) is not { } after)
            return (null, Problems.InvalidParameter("cursor", "The cursor must be one that an earlier page gave."));
        return (new PageQuery(limit, after), null);
    }

    /// <summary>The cursor of a page that ends with a name. Opaque to clients.</summary>
    public static string CursorAfter(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    private static int? ParseLimit(StringValues given, int limitDefault, int limitMax) => given switch
    {
        [] => limitDefault,
        [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit >= 1 && limit <= limitMax => limit,
        _ => null,
    };

    private static string? ParseCursor(StringValues given) => given switch
    {
        [] => "",
        [{ Length: <= CursorLengthMax } text] when Base64Url.IsValid(text) =>
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)),
        _ => null,
    };
}
