using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Dashboard.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// The journal for the dashboard, newest first. An entity's version is the index of its last change, and that entry has
/// the version before: its history is a chain, and nothing is searched for.
/// </summary>
internal sealed class JournalPages(IModelJournal journal, ModelReplica replica)
{
    private const int StepSize = 100;
    private const int StepsMax = 20;
    private const int HistoryMax = 50;
    private const int ChangesMax = 200;

    /// <summary>What happened to an entity.</summary>
    /// <param name="key">Which.</param>
    /// <param name="from">Index of the newest change to show; null for an entity that is not there.</param>
    /// <param name="take">How many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<EntityHistory> GetHistory(
        EntityKey key, long? from, int take, CancellationToken cancellation)
    {
        var steps = ImmutableArray.CreateBuilder<HistoryStep>();
        var at = from;
        try
        {
            while (at is { } index && steps.Count < Math.Clamp(take, 1, HistoryMax))
            {
                if (await ReadOne(index, cancellation) is not { } entry) break;
                // A transaction may change an entity twice: it was as the first found it, and is as the last left it.
                var changes = entry.Changes.Where(change => change.Key == key).ToList();
                if (changes.Count == 0) break;
                var step = new HistoryStep(
                    entry.Index, entry.At, entry.Actor, changes[0].Before, changes[^1].After);
                steps.Add(step);
                at = step.Before?.Version;
            }
        }
        catch (EntriesCompactedException)
        {
            return new EntityHistory(steps.ToImmutable(), null, IsCut: true);
        }
        return new EntityHistory(steps.ToImmutable(), at, IsCut: false);
    }

    /// <summary>Changes that fit, newest first. Looks at 2,000 entries at most, then says how far it came.</summary>
    public async Task<ChangeWindow> GetChanges(ChangeQuery query, CancellationToken cancellation)
    {
        var newest = replica.Current.Index;
        var take = Math.Clamp(query.Take, 1, ChangesMax);
        var lower = Math.Max(query.After ?? 0, 0);
        var upper = Math.Min(query.Before - 1 ?? newest, newest);
        var found = ImmutableArray.CreateBuilder<JournalEntry>();
        for (var step = 0; step < StepsMax && upper > lower && found.Count < take; step++)
        {
            var after = Math.Max(lower, upper - StepSize);
            var (entries, begins) = await Read(after, upper, cancellation);
            if (begins is { } first) lower = after = Math.Max(lower, first - 1);
            foreach (var entry in entries.Reverse())
            {
                upper = entry.Index - 1;
                if (Fit(entry, query) is { } fitting) found.Add(fitting);
                if (found.Count == take) break;
            }
            if (found.Count < take) upper = after;
        }
        return new ChangeWindow(found.ToImmutable(), newest, upper + 1, upper > lower);
    }

    private static JournalEntry? Fit(JournalEntry entry, ChangeQuery query)
    {
        if (!entry.Actor.Contains(query.Actor, StringComparison.OrdinalIgnoreCase)) return null;
        if (query.Kind.Length == 0) return entry;
        var changes = entry.Changes.Where(change => change.Key.Kind.Name == query.Kind).ToImmutableArray();
        return changes.IsEmpty ? null : entry with { Changes = changes };
    }

    // What lies between two indexes, the lower one left out; and where the journal begins, when that is behind it.
    private async Task<(ImmutableArray<JournalEntry> Entries, long? Begins)> Read(
        long after, long upper, CancellationToken cancellation)
    {
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        long? begins = null;
        while (after < upper)
        {
            try
            {
                var page = await Ask(after, (int)(upper - after), cancellation);
                if (page.IsEmpty) break;
                entries.AddRange(page.Select(Show));
                after = page[^1].Index;
            }
            catch (EntriesCompactedException error)
            {
                begins = Math.Max(error.Begins ?? upper + 1, after + 2);
                after = begins.Value - 1;
            }
        }
        return (entries.ToImmutable(), begins);
    }

    private async Task<JournalEntry?> ReadOne(long index, CancellationToken cancellation) =>
        await Ask(index - 1, 1, cancellation) is [var entry] ? Show(entry) : null;

    private async Task<ImmutableArray<ModelEntry>> Ask(long after, int limit, CancellationToken cancellation)
    {
        try
        {
            return await journal.Read(after, limit, cancellation);
        }
        catch (JournalAwayException error)
        {
            throw new TimeoutException("The journal can't be read now.", error);
        }
    }

    private static JournalEntry Show(ModelEntry entry) =>
        ReaderView.Of(JsonSerializer.Deserialize<JournalEntry>(entry.Content, Wire.Json)!);
}
