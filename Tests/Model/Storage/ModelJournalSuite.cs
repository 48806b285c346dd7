using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Model;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model.Storage;

/// <summary>Goal: every database keeps what the sequencer and the replicas rely on.</summary>
public abstract class ModelJournalSuite
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact(Timeout = 60_000)]
    public async Task A_new_journal_is_empty_and_its_history_has_a_name()
    {
        var head = await (await Open()).ReadHead(None);
        Assert.Equal((0L, 0L, ModelState.Empty("").Digest), (head.Epoch, head.Index, head.Digest));
        Assert.Matches("^[0-9a-f]{32}$", head.Timeline);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_append_needs_the_head_it_was_decided_on()
    {
        var journal = await Open();
        var head = await journal.ReadHead(None);
        var (entries, _) = EntriesAfter(head, 3);
        Assert.True(await journal.TryAppend(head, entries, None));
        Assert.False(await journal.TryAppend(head, entries, None));
        var next = await journal.ReadHead(None);
        Assert.Equal((3L, entries[2].Digest), (next.Index, next.Digest));
        Assert.Equal(entries, await journal.Read(0, 10, None));
        Assert.Equal([entries[1]], await journal.Read(1, 1, None));
        Assert.Empty(await journal.Read(3, 10, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_claim_fences_who_claimed_before()
    {
        var journal = await Open();
        var seen = await journal.ReadHead(None);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => journal.TryClaim(seen, None)));
        var won = Assert.Single(claims, claim => claim is not null)!;
        Assert.Equal(won, await journal.ReadHead(None));
        Assert.False(await journal.TryAppend(seen, EntriesAfter(seen, 1).Entries, None));
        Assert.True(await journal.TryAppend(won, EntriesAfter(won, 1).Entries, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_replica_begins_with_a_snapshot_and_goes_on_with_what_the_journal_kept()
    {
        var journal = await Open();
        var snapshots = new ModelSnapshots(Database, TimeProvider.System);
        var head = await journal.ReadHead(None);
        var (entries, state) = EntriesAfter(head, 30);
        Assert.True(await journal.TryAppend(head, entries, None));
        Assert.Null(await snapshots.ReadNewest(None));

        Assert.True(await snapshots.Write(state, kept: 4, None));
        Assert.False(await snapshots.Write(state, kept: 4, None));
        var read = await snapshots.ReadNewest(None);
        Assert.Equal((30, state.ContentDigest, state.Digest), (read!.Index, read.ContentDigest, read.Digest));
        await Assert.ThrowsAsync<EntriesCompactedException>(() => journal.Read(0, 100, None));
        Assert.Equal([26L, 27, 28, 29, 30], (await journal.Read(25, 100, None)).Select(entry => entry.Index));

        var replica = new ModelReplica(journal, TimeProvider.System);
        replica.Load(read);
        var more = EntriesAfter(state, 5);
        Assert.True(await journal.TryAppend(await journal.ReadHead(None), more.Entries, None));
        await replica.CatchUp(None);
        Assert.Equal(more.State.ContentDigest, replica.Current.ContentDigest);
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_many_snapshots_the_newest_three_stay()
    {
        var journal = await Open();
        var snapshots = new ModelSnapshots(Database, TimeProvider.System);
        var (head, state) = (await journal.ReadHead(None), ModelState.Empty((await journal.ReadHead(None)).Timeline));
        for (var i = 0; i < 5; i++)
        {
            var (entries, next) = EntriesAfter(state, 2);
            Assert.True(await journal.TryAppend(head, entries, None));
            Assert.True(await snapshots.Write(next, kept: 0, None));
            (state, head) = (next, await journal.ReadHead(None));
        }

        var indexes = await Database.Query(
            "SELECT position FROM model_snapshot ORDER BY position", row => row.GetInt64(0));
        Assert.Equal([6L, 8, 10], indexes);
        Assert.Equal(10, await snapshots.NewestIndex(None));
        Assert.Equal([10L], (await journal.Read(9, 100, None)).Select(entry => entry.Index));
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_history_takes_the_place_of_the_old_one_at_once_and_fences_its_sequencer()
    {
        var journal = await Open();
        var snapshots = new ModelSnapshots(Database, TimeProvider.System);
        var seen = await journal.ReadHead(None);
        var (old, before) = EntriesAfter(seen, 5);
        Assert.True(await journal.TryAppend(seen, old, None));
        Assert.True(await snapshots.Write(before, kept: 100, None));
        var (_, imported) = EntriesAfter(ModelState.Empty("elsewhere"), 3);
        var replica = new ModelReplica(journal, TimeProvider.System);
        replica.Load(before);

        Assert.False(await snapshots.TryReplace(seen, imported, old[0], None));
        await replica.CatchUp(None);
        var head = await journal.ReadHead(None);
        var (start, first) = ImportRules.Begin(imported, head, "t2", Guid.Empty, "root", Now);
        Assert.True(await snapshots.TryReplace(head, start, first, None));

        var now = await journal.ReadHead(None);
        Assert.Equal(("t2", head.Epoch + 1, 6, first.Digest), (now.Timeline, now.Epoch, now.Index, now.Digest));
        Assert.False(await journal.TryAppend(head, EntriesAfter(before, 1).Entries, None));
        Assert.Equal([first], await journal.Read(5, 10, None));
        await Assert.ThrowsAsync<EntriesCompactedException>(() => journal.Read(0, 10, None));
        await Assert.ThrowsAsync<InvalidDataException>(() => replica.CatchUp(None));
        replica.Load((await snapshots.ReadNewest(None))!);
        await replica.CatchUp(None);
        Assert.Equal(
            ("t2", 6, imported.ContentDigest),
            (replica.Current.Timeline, replica.Current.Index, replica.Current.ContentDigest));
        Assert.Equal([5L], await Database.Query("SELECT position FROM model_snapshot", row => row.GetInt64(0)));
    }

    private protected SiloDatabase Database { get; private set; } = null!;

    private protected abstract Task<SiloDatabase> NewDatabase();

    private async Task<ModelJournal> Open()
    {
        Database = await NewDatabase();
        await new SchemaMigrations(Database, TimeProvider.System).Apply(None);
        return new ModelJournal(Database);
    }

    private static (ImmutableArray<ModelEntry> Entries, ModelState State) EntriesAfter(JournalHead head, int count) =>
        EntriesAfter(ModelState.Empty(head.Timeline), count);

    private static (ImmutableArray<ModelEntry> Entries, ModelState State) EntriesAfter(ModelState state, int count)
    {
        var entries = ImmutableArray.CreateBuilder<ModelEntry>();
        for (var i = 0; i < count; i++)
        {
            var append = Assert.IsType<Decision.Append>(Decide(state, Of(Node($"n{state.Index}", "ssd"))));
            entries.Add(append.Entry);
            state = append.Next;
        }

        return (entries.ToImmutable(), state);
    }
}
