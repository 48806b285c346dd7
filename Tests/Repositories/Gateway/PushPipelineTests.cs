using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>
/// Goal: a ref is reported <c>ok</c> only if it was decided, and whatever does not come to a decision is given up.
/// </summary>
public sealed class PushPipelineTests
{
    private readonly ManualTime _time = new();
    private bool _packRead;

    private Task<PushReport> Run(
        ScriptedCoordinator grain, ScriptedStaging staging, PushRequest request, PipeReader pack,
        CancellationToken client = default)
    {
        // Inline: whatever the test does has taken effect when it returns.
        var pipeline = new PushPipeline(
            staging, new PushOptions(), _time, new NoCrashPoints(), PipeScheduler.Inline, NullLogger.Instance);
        return pipeline.Run(grain, new PushTarget(Id, Transaction(7)), request, pack, () =>
        {
            _packRead = true;
            return Task.CompletedTask;
        }, client);
    }

    private static PushRequest Request(bool atomic, params RefUpdate[] updates) =>
        new([.. updates], [], new PushCapabilities(true, true, atomic, false), []);

    private static PushRequest One(bool atomic = false) => Request(atomic, Create("main", 1));

    private static PipeReader Pack() => Pieces.Whole("PACK...");

    private static string? ReasonOf(PushReport report, string name = "refs/heads/main") =>
        report.Results.Single(r => r.Name == name).Reason;

    [Fact]
    public async Task A_pack_goes_to_all_participants_behind_its_tips_and_the_decision_is_reported()
    {
        var grain = new ScriptedCoordinator();
        var staging = new ScriptedStaging();
        var report = await Run(grain, staging, One(), Pack());

        Assert.Null(ReasonOf(report));
        Assert.Equal(Nodes, grain.Pushed!.Staged);
        Assert.True(grain.Pushed.HasPack);
        Assert.Empty(grain.GivenUp);
        Assert.Equal(3, staging.Received.Count);
        Assert.All(staging.Received.Values, body => Assert.Equal($"002c{Oid(1)}0000PACK...", body));
    }

    [Fact]
    public async Task A_dead_node_is_left_out_while_a_quorum_remains()
    {
        var grain = new ScriptedCoordinator();
        var report = await Run(grain, new ScriptedStaging { Dead = [Node(1)] }, One(), Pack());
        Assert.Null(ReasonOf(report));
        Assert.Equal([Node(2), Node(3)], grain.Pushed!.Staged);
    }

    [Fact]
    public async Task A_node_that_received_something_else_takes_no_part()
    {
        var grain = new ScriptedCoordinator();
        await Run(grain, new ScriptedStaging { Damaged = [Node(3)] }, One(), Pack());
        Assert.Equal([Node(1), Node(2)], grain.Pushed!.Staged);
    }

    [Fact]
    public async Task A_node_that_takes_nothing_holds_nobody_up_for_long()
    {
        var grain = new ScriptedCoordinator();
        var running = Run(grain, new ScriptedStaging { Stalled = [Node(2)] }, One(), Pack());
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(ReasonOf(await running));
        Assert.Equal([Node(1), Node(3)], grain.Pushed!.Staged);
    }

    [Fact]
    public async Task Without_a_quorum_nothing_is_pushed_and_the_transaction_is_given_up()
    {
        var grain = new ScriptedCoordinator();
        var report = await Run(grain, new ScriptedStaging { Dead = [Node(1), Node(2)] }, One(), Pack());
        Assert.Contains("too few replicas", ReasonOf(report), StringComparison.Ordinal);
        Assert.Null(grain.Pushed);
        Assert.Equal([Transaction(7)], grain.GivenUp);
        Assert.True(_packRead);
    }

    [Fact]
    public async Task A_pack_that_the_nodes_refuse_is_an_unpacker_error()
    {
        var grain = new ScriptedCoordinator();
        var report = await Run(grain, new ScriptedStaging { Refusing = [.. Nodes] }, One(), Pack());
        Assert.Equal(("bad object", "unpacker error"), (report.Unpack, ReasonOf(report)));
        Assert.Equal([Transaction(7)], grain.GivenUp);
    }

    [Fact]
    public async Task A_push_that_only_deletes_stages_nothing()
    {
        var grain = new ScriptedCoordinator();
        var staging = new ScriptedStaging();
        var delete = new RefUpdate("refs/heads/main", Oid(1), RefUpdate.Zero);
        Assert.Null(ReasonOf(await Run(grain, staging, Request(false, delete), Pack())));
        Assert.False(grain.Pushed!.HasPack);
        Assert.Empty(staging.Received);
    }

    [Fact]
    public async Task Refs_that_policy_refuses_take_no_part_and_the_others_go_on()
    {
        var grain = new ScriptedCoordinator
        {
            OnBegin = _ => ScriptedCoordinator.Participants(new RefResult("refs/heads/no", "denied")),
        };
        var report = await Run(grain, new(), Request(false, Create("main", 1), Create("no", 2)), Pack());
        Assert.Equal((null, "denied"), (ReasonOf(report), ReasonOf(report, "refs/heads/no")));
        Assert.Equal("refs/heads/main", Assert.Single(grain.Pushed!.Updates).Name);
    }

    [Fact]
    public async Task A_refused_push_is_answered_after_its_pack_was_read()
    {
        var grain = new ScriptedCoordinator
        {
            OnBegin = _ => new BeginReply(Availability.TooFewReplicas, [], 2, []),
        };
        var wire = new Pipe();
        var running = Run(grain, new(), One(), wire.Reader);
        await wire.Writer.WriteAsync("PACK"u8.ToArray());
        Assert.False(_packRead);
        await wire.Writer.CompleteAsync();
        Assert.Contains("too few", ReasonOf(await running), StringComparison.Ordinal);
        Assert.True(_packRead);
    }

    [Theory]
    [InlineData(Availability.Available)]
    [InlineData(Availability.DataLoss)]
    public async Task A_client_that_sends_nothing_more_is_told_so_at_the_limit(Availability availability)
    {
        var grain = new ScriptedCoordinator
        {
            OnBegin = _ => ScriptedCoordinator.Participants() with { Availability = availability },
        };
        var running = Run(grain, new(), One(), new Pipe().Reader);
        _time.Advance(new PushOptions().ClientIdleLimit);
        var error = await Assert.ThrowsAsync<GitProtocolException>(() => running);
        Assert.Equal(408, error.Status);
        Assert.Null(grain.Pushed);
    }

    [Fact]
    public async Task A_client_that_leaves_in_its_pack_ends_the_push()
    {
        var grain = new ScriptedCoordinator();
        using var client = new CancellationTokenSource();
        var running = Run(grain, new(), One(), new Pipe().Reader, client.Token);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Null(grain.Pushed);
        Assert.Equal([Transaction(7)], grain.GivenUp);
    }

    [Fact]
    public async Task A_client_that_leaves_behind_its_staged_pack_stops_nothing()
    {
        using var client = new CancellationTokenSource();
        var decided = new TaskCompletionSource<PushReply>();
        var grain = new ScriptedCoordinator { OnPush = _ => decided.Task };
        var running = Run(grain, new(), One(), Pack(), client.Token);
        await client.CancelAsync();
        Assert.False(running.IsCompleted);
        decided.SetResult(new PushReply(PushOutcome.Committed, 1, [new("refs/heads/main", null)], null));
        Assert.Null(ReasonOf(await running));
    }

    [Fact]
    public async Task A_ref_that_the_decision_does_not_name_is_no_success()
    {
        var grain = new ScriptedCoordinator
        {
            OnPush = _ => Task.FromResult(
                new PushReply(PushOutcome.Committed, 1, [new("refs/heads/main", null)], null)),
        };
        var report = await Run(grain, new(), Request(false, Create("main", 1), Create("lost", 2)), Pack());
        Assert.Null(ReasonOf(report));
        Assert.NotNull(ReasonOf(report, "refs/heads/lost"));
    }

    [Theory]
    [InlineData(TransactionOutcome.Committed, null)]
    [InlineData(TransactionOutcome.Aborted, "not replicated")]
    public async Task When_the_coordinator_breaks_off_its_successor_is_asked(
        TransactionOutcome outcome, string? expected)
    {
        var grain = new ScriptedCoordinator
        {
            OnPush = _ => throw new TimeoutException("No answer."),
            OnTransaction = () => new TransactionView(outcome, 1),
        };
        var reason = ReasonOf(await Run(grain, new(), One(), Pack()));
        if (expected is null) Assert.Null(reason);
        else Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_that_nobody_knows_is_reported_as_unknown_with_the_transaction()
    {
        var grain = new ScriptedCoordinator { OnPush = _ => throw new TimeoutException("No answer.") };
        var running = Run(grain, new(), One(), Pack());
        for (var half = 0; half < 25 && !running.IsCompleted; half++) _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Contains(Transaction(7).ToString(), ReasonOf(await running), StringComparison.Ordinal);
    }

    // Which of several refs were taken, a transaction's outcome doesn't say.
    [Fact]
    public async Task A_committed_push_of_several_refs_without_its_answer_is_unknown_unless_it_was_atomic()
    {
        var grain = new ScriptedCoordinator
        {
            OnPush = _ => throw new TimeoutException("No answer."),
            OnTransaction = () => new TransactionView(TransactionOutcome.Committed, 1),
        };
        RefUpdate[] two = [Create("main", 1), Create("other", 2)];
        Assert.Contains("unknown", ReasonOf(await Run(grain, new(), Request(false, two), Pack())),
            StringComparison.Ordinal);
        Assert.Null(ReasonOf(await Run(grain, new(), Request(true, two), Pack())));
    }
}
