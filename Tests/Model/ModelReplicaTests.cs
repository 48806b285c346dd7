using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Tests.Support;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: a replica takes entries in order, once, on every way, and knows a journal that went back.</summary>
public sealed class ModelReplicaTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualTime _clock = new(Now);
    private readonly MemoryJournal _journal = new();
    private readonly ModelReplica _replica;
    private ModelState _state = Empty;

    public ModelReplicaTests()
    {
        _replica = new ModelReplica(_journal, _clock);
        _replica.Load(Empty);
    }

    [Fact(Timeout = 30_000)]
    public async Task Entries_that_come_while_the_head_is_read_are_no_sign_that_the_database_went_back()
    {
        await Append(1);
        _journal.AfterHead = () =>
        {
            _journal.AfterHead = () => { };
            _replica.Offer(Append(2).GetAwaiter().GetResult());
        };
        var caughtUp = await _replica.CatchUp(None);
        await _replica.CatchUp(None);
        Assert.InRange(caughtUp.Index, 1, 3);
        Assert.Equal((3L, _journal.Head.Digest), (_replica.Current.Index, _replica.Current.Digest));
    }

    [Fact(Timeout = 30_000)]
    public async Task Entries_are_taken_once_and_a_gap_is_told()
    {
        var entries = await Append(3);
        var behind = 0;
        _replica.FellBehind = () => behind++;
        _replica.Offer([entries[0]]);
        _replica.Offer([entries[0]]);
        _replica.Offer([entries[2]]);
        Assert.Equal((1L, 1), (_replica.Current.Index, behind));
        _replica.Offer(entries);
        Assert.Equal((3L, 1), (_replica.Current.Index, behind));
    }

    [Fact]
    public void States_of_the_sequencer_are_taken_where_they_follow_and_nowhere_else()
    {
        var behind = 0;
        _replica.FellBehind = () => behind++;
        var seen = new List<(long Before, long After, long Entry)>();
        _replica.Changed += (before, after, entry) => seen.Add((before.Index, after.Index, entry!.Index));
        var appends = Decided(_state, 3);
        _replica.Offer([appends[0].Entry]);
        _replica.Adopt(Empty.Digest, [.. appends]);
        Assert.Same(appends[2].Next, _replica.Current);
        Assert.Equal([(0, 1, 1), (1, 2, 2), (2, 3, 3)], seen);

        // After a gap; of a history that parted from this one; of one that was never the same.
        var more = Decided(appends[2].Next, 2);
        _replica.Adopt(more[0].Entry.Digest, [more[1]]);
        var other = Decided(Decided(Empty, 2)[1].Next, 2, "other");
        _replica.Adopt(other[0].Entry.Digest, [other[1]]);
        _replica.Adopt(appends[2].Entry.Digest, [more[0] with { Next = more[0].Next with { Timeline = "another" } }]);
        Assert.Same(appends[2].Next, _replica.Current);
        Assert.Equal((3, 3), (behind, seen.Count));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_journal_that_went_back_is_noticed(int index)
    {
        await Append(3);
        await _replica.CatchUp(None);
        _journal.GoBackTo(index);
        await Assert.ThrowsAsync<InvalidDataException>(() => _replica.CatchUp(None));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reader_waits_for_an_index_as_long_as_it_wants()
    {
        var waiting = _replica.WaitFor(2, TimeSpan.FromSeconds(5), None);
        var impatient = _replica.WaitFor(9, TimeSpan.FromSeconds(1), None);
        _replica.Offer(await Append(2));
        Assert.True(await waiting);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await impatient);
        using var leaves = new CancellationTokenSource();
        var left = _replica.WaitFor(9, TimeSpan.FromSeconds(1), leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
    }

    private static List<Decision.Append> Decided(ModelState state, int count, string name = "n")
    {
        var decided = new List<Decision.Append>();
        for (var i = 0; i < count; i++)
        {
            decided.Add(Assert.IsType<Decision.Append>(Decide(state, Of(Node($"{name}{state.Index}")))));
            state = decided[^1].Next;
        }

        return decided;
    }

    private async Task<ImmutableArray<ModelEntry>> Append(int count)
    {
        var appends = Decided(_state, count);
        _state = appends[^1].Next;
        ImmutableArray<ModelEntry> entries = [.. appends.Select(append => append.Entry)];
        Assert.True(await _journal.TryAppend(_journal.Head, entries, None));
        return entries;
    }
}
