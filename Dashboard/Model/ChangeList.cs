using System.Collections.Immutable;

namespace Aedile.Dashboard.Model;

/// <summary>
/// The part of the journal that a page holds: newest first, never more than some hundred. What is newer comes on top,
/// what is older at the end, and what is too much goes at the other one. Pure.
/// </summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Newest">The newest index that was looked at.</param>
/// <param name="Oldest">The oldest index that was looked at.</param>
/// <param name="HasOlder">Whether there are older ones.</param>
/// <param name="IsAtTop">Whether nothing newer was dropped: only then newer ones can follow.</param>
internal sealed record ChangeList(
    ImmutableArray<ChangeRow> Rows, long Newest, long Oldest, bool HasOlder, bool IsAtTop)
{
    /// <summary>Most rows that a page holds.</summary>
    public const int RowsMax = 300;

    /// <summary>A first look, from the newest on.</summary>
    public static ChangeList From(ChangeWindow window) => new(
        [.. window.Entries.Select(ChangeRow.From)], window.Newest, window.LookedTo, window.HasOlder, true);

    /// <summary>With what came since; the window begins behind <see cref="Newest"/>.</summary>
    public ChangeList WithNewer(ChangeWindow window)
    {
        // More came than a page shows: it begins anew, and what lies between is older.
        if (window.HasOlder) return From(window);
        var rows = window.Entries.Select(ChangeRow.From).Concat(Rows).Take(RowsMax).ToImmutableArray();
        var isCut = rows.Length < window.Entries.Length + Rows.Length;
        return this with
        {
            Rows = rows, Newest = window.Newest, Oldest = isCut ? rows[^1].Index : Oldest, HasOlder = HasOlder || isCut,
        };
    }

    /// <summary>With older ones; the window ends before <see cref="Oldest"/>.</summary>
    public ChangeList WithOlder(ChangeWindow window)
    {
        ImmutableArray<ChangeRow> rows = [.. Rows, .. window.Entries.Select(ChangeRow.From)];
        return this with
        {
            Rows = rows[Math.Max(0, rows.Length - RowsMax)..], Oldest = window.LookedTo, HasOlder = window.HasOlder,
            IsAtTop = IsAtTop && rows.Length <= RowsMax,
        };
    }
}
