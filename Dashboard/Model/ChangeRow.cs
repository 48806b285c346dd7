using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Model;

/// <summary>A transaction of the journal in words.</summary>
/// <param name="Index">Its place.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Changes">The first of its changes.</param>
/// <param name="More">How many more there are.</param>
internal sealed record ChangeRow(
    long Index, string At, string Actor, ImmutableArray<ChangedRow> Changes, int More)
{
    private const int ChangesMax = 10;

    public static ChangeRow From(JournalEntry entry) => new(
        entry.Index, EntityFacts.MomentOf(entry.At), entry.Actor,
        [.. entry.Changes.Take(ChangesMax).Select(change => ChangedRow.From(entry.Index, change))],
        Math.Max(0, entry.Changes.Length - ChangesMax));

    /// <summary>What was done, as one word.</summary>
    public static string VerbOf(Entity? before, Entity? after) => (before, after) switch
    {
        (null, _) => "created",
        (_, null) => "deleted",
        _ => "changed",
    };

    /// <summary>How to colour it.</summary>
    public static Tone ToneOf(Entity? before, Entity? after) => (before, after) switch
    {
        (null, _) => Tone.Good,
        (_, null) => Tone.Bad,
        _ => Tone.Busy,
    };
}

/// <summary>One entity that a transaction changed.</summary>
/// <param name="Key">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="Verb">What was done.</param>
/// <param name="Tone">How to colour it.</param>
/// <param name="Href">Its page; of a deleted one, its history.</param>
/// <param name="Differences">Member by member.</param>
internal sealed record ChangedRow(
    EntityKey Key, string Name, string Verb, Tone Tone, string Href, ImmutableArray<Difference> Differences)
{
    public static ChangedRow From(long index, EntityChange change)
    {
        var (before, after) = change;
        return new ChangedRow(
            change.Key, (after ?? before)!.Name, ChangeRow.VerbOf(before, after), ChangeRow.ToneOf(before, after),
            after is null ? $"{EntityFacts.HrefOf(change.Key)}/history?from={index}" : EntityFacts.HrefOf(change.Key),
            Model.Differences.Between(before, after));
    }
}
