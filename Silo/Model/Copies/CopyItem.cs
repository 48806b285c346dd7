using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Grains.Model;

namespace Aedile.Silo.Model.Copies;

/// <summary>What an entry does to one part.</summary>
/// <param name="Part">The part.</param>
/// <param name="Key">Whose entity it is.</param>
/// <param name="After">As it is now; null when it is no longer in the part.</param>
/// <param name="Difference">What it adds to the part's digest.</param>
internal sealed record CopyItem(CopyPart Part, EntityKey Key, Entity? After, UInt128 Difference)
{
    /// <summary>
    /// What an entry does to the parts that it touches. An entity leaves one part before it comes to another. Pure.
    /// </summary>
    /// <param name="before">The state before it.</param>
    /// <param name="after">The state after it.</param>
    /// <param name="entry">Which entities it is about.</param>
    public static IEnumerable<CopyItem> Of(ModelState before, ModelState after, JournalEntry entry) =>
        entry.Changes.Select(change => change.Key).Distinct().SelectMany(key => Of(before, after, key));

    /// <summary>Digest of an entity as it is copied: that which the state holds, when all of it is shown.</summary>
    public static UInt128 DigestOf(ModelState state, Entity entity) =>
        ReferenceEquals(CopyRules.Shown(entity), entity)
            ? state.DigestOf(entity.Key) : CopyRules.Copy(entity).Digest();

    private static IEnumerable<CopyItem> Of(ModelState before, ModelState after, EntityKey key)
    {
        var (old, now) = (before.Find(key), after.Find(key));
        var left = old is null ? [] : CopyRules.PartsOf(old);
        var come = now is null ? [] : CopyRules.PartsOf(now);
        var minus = left.IsEmpty ? 0 : DigestOf(before, old!);
        var plus = come.IsEmpty ? 0 : DigestOf(after, now!);
        foreach (var part in left.Except(come)) yield return new CopyItem(part, key, null, unchecked(0 - minus));
        foreach (var part in come)
            yield return new CopyItem(part, key, now, left.Contains(part) ? unchecked(plus - minus) : plus);
    }
}
