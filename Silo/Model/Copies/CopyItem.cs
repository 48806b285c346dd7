using Aedile.Client.Model;
using Aedile.Client.Model.Copies;

namespace Aedile.Silo.Model.Copies;

/// <summary>What an entry does to one part.</summary>
/// <param name="Part">The part.</param>
/// <param name="Key">Whose entity it is.</param>
/// <param name="After">As it is now; null when it is no longer in the part.</param>
/// <param name="Difference">What it adds to the part's digest.</param>
internal sealed record CopyItem(CopyPart Part, string Key, CopiedEntity? After, UInt128 Difference)
{
    /// <summary>What an entry does to the parts that it touches. An entity leaves one part before it comes to
    /// another. Pure.</summary>
    public static IEnumerable<CopyItem> Of(JournalEntry entry) => entry.Changes.SelectMany(Of);

    private static IEnumerable<CopyItem> Of(EntityChange change)
    {
        var left = change.Before is { } before ? CopyRules.PartsOf(before) : [];
        var come = change.After is { } after ? CopyRules.PartsOf(after) : [];
        if (left.IsEmpty && come.IsEmpty) yield break;
        var old = left.IsEmpty ? null : CopyRules.Copy(change.Before!);
        var copied = come.IsEmpty ? null : CopyRules.Copy(change.After!);
        var (minus, plus) = (old?.Digest() ?? 0, copied?.Digest() ?? 0);
        foreach (var part in left.Except(come))
            yield return new CopyItem(part, old!.Key, null, unchecked(0 - minus));
        foreach (var part in come)
            yield return new CopyItem(
                part, copied!.Key, copied, left.Contains(part) ? unchecked(plus - minus) : plus);
    }
}
