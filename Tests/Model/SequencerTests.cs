using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>
/// Goal: what is acknowledged is in the journal, once; who was overtaken acknowledges nothing; a lost connection is
/// looked into.
/// </summary>
public sealed class SequencerTests
{
    private readonly ManualTime _clock = new(Now);
    private readonly MemoryJournal _journal = new();

    [Fact(Timeout = 30_000)]
    public async Task Commands_that_wait_during_a_commit_are_committed_together()
    {
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = () => gate.Task;
        var sequencer = Begin();
        var replies = Enumerable.Range(0, 20).Select(i => Write(sequencer, Node($"n{i}"))).ToList();
        gate.SetResult();
        var written = await Task.WhenAll(replies);
        Assert.All(written, reply => Assert.Equal(WriteOutcome.Written, reply.Outcome));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), written.Select(reply => reply.Index));
        Assert.InRange(_journal.Appends, 1, 2);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_replica_of_its_silo_has_an_entry_before_its_writer_hears_of_it()
    {
        var replica = Replica();
        var sequencer = Begin(replica);
        var reply = await Write(sequencer, Node("n1"));
        Assert.Equal(reply.Index, replica.Current.Index);
        Assert.Equal(_journal.Head.Digest, replica.Current.Digest);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_sequencer_that_was_overtaken_acknowledges_nothing_and_ends()
    {
        var (old, young) = (Begin(), Begin());
        await Write(old, Node("n1"));
        await Write(young, Node("n2"));
        Assert.Equal(WriteOutcome.NotNow, (await Write(old, Node("n3"))).Outcome);
        Assert.True(old.HasEnded);
        Assert.Equal(WriteOutcome.NotNow, (await Write(old, Node("n3"))).Outcome);
        Assert.Equal(2, _journal.Entries.Count);
        Assert.Equal(WriteOutcome.Written, (await Write(young, Node("n3"))).Outcome);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_sequencer_that_was_overtaken_refuses_nothing_on_its_old_state()
    {
        var (old, young) = (Begin(), Begin());
        await Write(old, Node("n1"));
        await Write(young, Delete("node", "n1"));
        Assert.Equal(WriteOutcome.NotNow, (await Write(old, Node("n1"))).Outcome);
        Assert.True(old.HasEnded);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_commit_whose_answer_is_lost_is_found_written_and_not_written_twice()
    {
        var sequencer = Begin();
        await Write(sequencer, Node("n0"));
        LoseOnce(after: true);
        Assert.Equal(WriteOutcome.Written, (await Write(sequencer, Node("n1"))).Outcome);
        Assert.Equal(2, _journal.Entries.Count);
        Assert.Equal(2, _journal.Head.Epoch); // The lost commit could not have come later.
        Assert.Equal(WriteOutcome.Written, (await Write(sequencer, Node("n2"))).Outcome);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_commit_that_was_lost_on_its_way_is_made_again()
    {
        var sequencer = Begin();
        await Write(sequencer, Node("n0"));
        LoseOnce(after: false);
        Assert.Equal(WriteOutcome.Written, (await Write(sequencer, Node("n1"))).Outcome);
        Assert.Equal(2, _journal.Entries.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task When_another_goes_on_from_a_lost_commit_it_is_written_and_the_sequencer_ends()
    {
        var (old, young) = (Begin(), Begin());
        await Write(old, Node("n0"));
        var taken = new TaskCompletionSource();
        _journal.AfterAppend = () =>
        {
            _journal.AfterAppend = () => { };
            _journal.BeforeHead = () => { if (!taken.Task.IsCompleted) throw Away(); };
            throw Away();
        };
        var lost = Write(old, Node("n1"));
        _journal.BeforeHead = () => { };
        await Write(young, Node("n2"));
        taken.SetResult();
        var reply = await Advance(lost);
        Assert.Equal((WriteOutcome.Written, 2L), (reply.Outcome, reply.Index));
        Assert.Equal(3, _journal.Entries.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task While_the_database_is_away_writes_are_sent_away_and_a_commit_under_way_is_in_doubt()
    {
        var sequencer = Begin();
        await Write(sequencer, Node("n0"));
        _journal.AfterAppend = () => throw Away();
        _journal.BeforeHead = () => throw Away();
        var reply = await Advance(Write(sequencer, Node("n1")));
        Assert.Equal(WriteOutcome.InDoubt, reply.Outcome);
        Assert.True(sequencer.HasEnded);
        var next = Begin();
        Assert.Equal(WriteOutcome.NotNow, (await Write(next, Node("n2"))).Outcome);
        Assert.False(next.HasEnded);
        (_journal.AfterAppend, _journal.BeforeHead) = (() => { }, () => { });
        Assert.Equal(WriteRule.IdTaken, (await Write(next, Node("n1"))).Refusal!.Rule);
    }

    private static JournalAwayException Away() => new("The test took it away.");

    private void LoseOnce(bool after)
    {
        if (after) _journal.AfterAppend = () => { _journal.AfterAppend = () => { }; throw Away(); };
        else _journal.BeforeAppend = () => { _journal.BeforeAppend = () => Task.CompletedTask; throw Away(); };
    }

    private ModelReplica Replica()
    {
        var replica = new ModelReplica(_journal, _clock);
        replica.Load(Empty);
        return replica;
    }

    private Sequencer Begin(ModelReplica? replica = null) =>
        new(_journal, replica ?? Replica(), static _ => { }, _clock, NullLogger.Instance);

    private static Task<WriteReply> Write(Sequencer sequencer, params ImmutableArray<WriteChange> changes) =>
        sequencer.Write(Of(changes), CancellationToken.None);

    private async Task<WriteReply> Advance(Task<WriteReply> reply)
    {
        while (!reply.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await reply;
    }
}
