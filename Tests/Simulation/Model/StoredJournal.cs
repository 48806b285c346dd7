using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Storage.Model;

namespace Aedile.Tests.Simulation.Model;

/// <summary>The journal and its snapshots in the simulated database. An append is one statement.</summary>
internal sealed class StoredJournal(StoreConnection connection) : IModelJournal, IModelSnapshots
{
    private const string HeadRow = "model-head";
    private const string EntriesRow = "model-entries";
    private const string SnapshotRow = "model-snapshot";
    private const string WrittenRow = "model-written";

    /// <summary>Whether an append looks at the head before; a broken one doesn't.</summary>
    public bool IsBlind { get; init; }

    public static JournalHead HeadOf(SimulatedStore store) => store[HeadRow].Content as JournalHead
        ?? new JournalHead("t1", 0, 0, ModelState.Empty("t1").Digest);

    /// <summary>The entries that are kept, in order.</summary>
    public static ImmutableList<ModelEntry> EntriesOf(SimulatedStore store) =>
        store[EntriesRow].Content as ImmutableList<ModelEntry> ?? [];

    /// <summary>Every entry that was ever written, also those that are no longer kept.</summary>
    public static ImmutableList<ModelEntry> WrittenOf(SimulatedStore store) =>
        store[WrittenRow].Content as ImmutableList<ModelEntry> ?? [];

    public Task<JournalHead> ReadHead(CancellationToken cancellation) => Run("read model head", HeadOf);

    public Task<JournalHead?> TryClaim(JournalHead head, CancellationToken cancellation) =>
        Run("claim model head", store =>
        {
            if (HeadOf(store) != head) return null;
            var claimed = head with { Epoch = head.Epoch + 1 };
            store.TrySet(HeadRow, null, claimed);
            return claimed;
        });

    public Task<bool> TryAppend(
        JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation) =>
        Run($"append {entries.Length} after {head.Index}", store =>
        {
            if (HeadOf(store) != head && !IsBlind) return false;
            store.TrySet(EntriesRow, null, EntriesOf(store).AddRange(entries));
            store.TrySet(WrittenRow, null, WrittenOf(store).AddRange(entries));
            return store.TrySet(
                HeadRow, null, HeadOf(store) with { Index = entries[^1].Index, Digest = entries[^1].Digest });
        });

    public async Task<ImmutableArray<ModelEntry>> Read(long after, int limit, CancellationToken cancellation)
    {
        var kept = await Run($"read entries after {after}", EntriesOf);
        return kept.Count > 0 && kept[0].Index > after + 1
            ? throw new EntriesCompactedException("The run has dropped them.")
            : [.. kept.Where(entry => entry.Index > after).Take(limit)];
    }

    public Task<long> NewestIndex(CancellationToken cancellation) =>
        Run("read snapshot's index", store => (store[SnapshotRow].Content as ModelState)?.Index ?? 0);

    public Task<ModelState?> ReadNewest(CancellationToken cancellation) =>
        Run("read snapshot", store => store[SnapshotRow].Content as ModelState);

    public Task<bool> Write(ModelState state, long kept, CancellationToken cancellation) =>
        Run($"write snapshot {state.Index}", store =>
        {
            if (HeadOf(store).Index < state.Index || store[SnapshotRow].Content is ModelState old
                && old.Index >= state.Index) return false;
            store.TrySet(SnapshotRow, null, state);
            return store.TrySet(EntriesRow, null, EntriesOf(store).RemoveAll(e => e.Index <= state.Index - kept));
        });

    private async Task<T> Run<T>(string what, Func<SimulatedStore, T> statement)
    {
        try
        {
            return await connection.Run(what, statement);
        }
        catch (DbException error)
        {
            throw new JournalAwayException(error.Message, error);
        }
    }
}
