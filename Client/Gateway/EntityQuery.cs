using System.Globalization;

namespace Aedile.Client.Gateway;

/// <summary>Which entities of a kind are listed, and how.</summary>
/// <param name="Filter">As in <c>tags.zone = "a"</c>; null for all.</param>
/// <param name="Sort">As the gateway takes it; null: by name.</param>
/// <param name="PageSize">How many come with one request, 1 to 1,000.</param>
/// <param name="Mode">How fresh each page must be; null: <see cref="ReadMode.Seen"/>.</param>
public sealed record EntityQuery(
    string? Filter = null, string? Sort = null, int PageSize = 500, ReadMode? Mode = null)
{
    /// <summary>The parameters for one page.</summary>
    internal IEnumerable<string> ToQuery(string? cursor, long seen)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"limit={PageSize}");
        if (Filter is not null) yield return "filter=" + Uri.EscapeDataString(Filter);
        if (Sort is not null) yield return "sort=" + Uri.EscapeDataString(Sort);
        if (cursor is not null) yield return "cursor=" + Uri.EscapeDataString(cursor);
        foreach (var part in (Mode ?? ReadMode.Seen).ToQuery(seen)) yield return part;
    }
}
