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

    private async Task<ImmutableArray<ModelEntry>> Append(int count)
    {
        var entries = ImmutableArray.CreateBuilder<ModelEntry>();
        for (var i = 0; i < count; i++)
        {
            var append = Assert.IsType<Decision.Append>(Decide(_state, Of(Node($"n{_state.Index}"))));
            entries.Add(append.Entry);
            _state = append.Next;
        }

        Assert.True(await _journal.TryAppend(_journal.Head, entries.ToImmutable(), None));
        return entries.ToImmutable();
    }
}
