using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: an agent that moves between silos is never shown as gone, one that is gone always is, and no silo of the past
/// can say otherwise. Several silos on one table, on a clock that only the test moves.
/// </summary>
public sealed class SessionViewTests
{
    private static readonly NodeName Node = NodeName.Parse("storage-1");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly MemorySessionTable _table;

    public SessionViewTests() => _table = new MemorySessionTable(_time);

    private Task<SessionSilo> Start(string name) => SessionSilo.Start(name, _table, _time);

    // Time passes for silos that live: they beat and look every 250 ms.
    private async Task Pass(TimeSpan time, params SessionSilo[] living)
    {
        var step = TimeSpan.FromMilliseconds(250);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _time.Advance(step);
            foreach (var silo in living)
            {
                if (!_table.IsAway) await silo.Beat();
                await silo.Round();
            }
        }
    }

    [Fact]
    public async Task Every_silo_sees_a_node_and_its_going_whichever_holds_its_session()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var session = await a.Connect(Node);
        await b.Round();
        Assert.Equal(("running", "a", 1L), (b.Show(Node).State, b.Show(Node).Silo, b.Show(Node).Epoch));
        Assert.Equal(new Uri("http://127.0.0.1:1"), b.Nodes.GetEndpoint(Node));
        var waits = b.Nodes.Get(Node)!.Ended;

        a.Keeper.End(session, isLeaving: false);
        await a.Round();
        Assert.False(a.Nodes.IsHealthy(Node));
        await b.Round();
        Assert.False(b.Nodes.IsHealthy(Node));
        Assert.True(waits.IsCancellationRequested);
        Assert.Equal("unknown", b.Show(Node).State);
    }

    // cnapi §0.2: with two instances the first one's late word made a live server "unknown".
    [Fact]
    public async Task Agent_that_moves_there_and_back_is_never_shown_as_gone_and_late_ends_change_nothing()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var first = await a.Connect(Node, attempt: 1);
        await b.Round();
        var presence = b.Nodes.Get(Node);
        // It leaves A without A noticing, goes to B, and back to A.
        var second = await b.Connect(Node, attempt: 2, highestEpoch: 1);
        Assert.Equal("running", b.Show(Node).State);
        var third = await a.Connect(Node, attempt: 3, highestEpoch: 2);
        Assert.Equal((1L, 2L, 3L), (first.Epoch, second.Epoch, third.Epoch));

        // Now B notices the end of its connection, and at last the table says that it is overtaken.
        b.Keeper.End(second, isLeaving: false);
        await b.Round();
        a.Keeper.End(first, isLeaving: false);
        foreach (var silo in new[] { a, b })
        {
            await silo.Round();
            Assert.Equal(("running", "a", 3L), (silo.Show(Node).State, silo.Show(Node).Silo, silo.Show(Node).Epoch));
        }
        // Nothing that waits for the agent was disturbed by all that.
        Assert.Same(presence, b.Nodes.Get(Node));
        Assert.Equal((3L, 1L), (_table.Get(Node).Epoch, _table.Get(Node).Change));
    }

    [Fact]
    public async Task Overtaken_session_ends_when_its_silo_reads_of_the_newer_one()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var old = await a.Connect(Node, attempt: 1);
        await b.Connect(Node, attempt: 2, highestEpoch: 1);
        Assert.True(old.Stands);
        await a.Round();
        Assert.False(old.Stands);
        Assert.Equal(("running", "b"), (a.Show(Node).State, a.Show(Node).Silo));
        await Pass(20 * Second, a, b);
        Assert.Equal("running", a.Show(Node).State);
        Assert.Equal(2, _table.Get(Node).Epoch);
    }

    [Fact]
    public async Task Claim_for_a_connection_that_the_agent_gave_up_comes_late_and_is_none()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var given = await b.Connect(Node, attempt: 2);
        var (began, _) = await a.Keeper.Begin(a.Hello(Node, attempt: 1));
        Assert.False(began);
        await b.Round();
        Assert.True(given.Stands);
        Assert.Equal(1, _table.Get(Node).Epoch);
    }

    [Fact]
    public async Task Nodes_of_a_dead_silo_have_one_grace_period_and_are_then_gone()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        await a.Connect(Node);
        await Pass(Second, a, b);
        await Pass(3 * Second, b);
        Assert.Equal("moving", b.Show(Node).State);
        Assert.True(b.Nodes.IsHealthy(Node));
        await Pass(9 * Second, b);
        Assert.True(b.Nodes.IsHealthy(Node));
        await Pass(2 * Second, b);
        Assert.False(b.Nodes.IsHealthy(Node));
        Assert.NotNull(_table.Get(Node).EndedAt);
        Assert.Equal(2, _table.Get(Node).Change);
    }

    [Fact]
    public async Task Agent_of_a_dead_silo_that_comes_back_in_time_was_never_gone()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        await a.Connect(Node, attempt: 1);
        await Pass(Second, a, b);
        var presence = b.Nodes.Get(Node);
        await Pass(8 * Second, b);
        await b.Connect(Node, attempt: 2, highestEpoch: 1);
        await Pass(20 * Second, b);
        Assert.Same(presence, b.Nodes.Get(Node));
        Assert.Equal("running", b.Show(Node).State);
    }

    [Fact]
    public async Task Silo_that_stops_in_order_gives_its_nodes_the_grace_at_once()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var session = await a.Connect(Node);
        await b.Round();
        a.Keeper.End(session, isLeaving: true);
        await _table.Stop(a.Identity.Run, CancellationToken.None);
        await Pass(Second, b);
        Assert.Equal("moving", b.Show(Node).State);
        await Pass(10 * Second, b);
        Assert.Equal("unknown", b.Show(Node).State);
    }

    [Fact]
    public async Task Agent_that_leaves_a_living_silo_and_comes_back_to_none_is_gone_after_the_grace()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var session = await a.Connect(Node);
        a.Keeper.End(session, isLeaving: true);
        await Pass(9 * Second, a, b);
        Assert.True(a.Nodes.IsHealthy(Node));
        Assert.True(b.Nodes.IsHealthy(Node));
        await Pass(2 * Second, a, b);
        Assert.False(a.Nodes.IsHealthy(Node));
        Assert.False(b.Nodes.IsHealthy(Node));
    }

    [Fact]
    public async Task While_the_database_is_away_the_last_view_holds_and_new_sessions_are_provisional()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        await a.Connect(Node);
        await b.Round();
        _table.IsAway = true;
        var other = NodeName.Parse("storage-2");
        var provisional = await b.Connect(other);
        await Pass(60 * Second, a, b);
        Assert.Equal("running", b.Show(Node).State);
        Assert.Equal(("running", null), (b.Show(other).State, b.Show(other).Epoch));
        Assert.Null(provisional.Epoch);
        Assert.False(await b.Round());

        _table.IsAway = false;
        await Pass(2 * Second, a, b);
        Assert.Equal(1, provisional.Epoch);
        Assert.Equal("running", a.Show(other).State);
        Assert.Equal([null, 1L], Welcomes(provisional).Take(2));
    }

    [Fact]
    public async Task While_the_database_is_away_an_agent_that_dies_is_gone_for_the_silo_that_saw_it()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var session = await a.Connect(Node);
        await Pass(Second, a, b);
        _table.IsAway = true;
        a.Keeper.End(session, isLeaving: false);
        await Pass(Second, a, b);
        Assert.False(a.Nodes.IsHealthy(Node));
        Assert.True(b.Nodes.IsHealthy(Node));
        _table.IsAway = false;
        await Pass(Second, a, b);
        Assert.False(b.Nodes.IsHealthy(Node));
    }

    [Fact]
    public async Task After_an_outage_nobody_is_judged_before_one_grace_period()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        await a.Connect(Node);
        await Pass(Second, a, b);
        _table.IsAway = true;
        await Pass(60 * Second, b); // A died in it.
        _table.IsAway = false;
        await Pass(12 * Second, b);
        Assert.True(b.Nodes.IsHealthy(Node));
        await Pass(2 * Second, b);
        Assert.False(b.Nodes.IsHealthy(Node));
    }

    // SIGSTOP of a silo for 20 s: when it goes on, its own clock says that everybody was silent.
    [Fact]
    public async Task Silo_that_stood_still_judges_nobody_by_the_time_in_which_it_did()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        await a.Connect(Node);
        await Pass(Second, a, b);
        await Pass(20 * Second, a);
        await b.Round();
        Assert.Equal("running", b.Show(Node).State);
        Assert.Equal("running", a.Show(Node).State);
    }

    [Fact]
    public async Task Silo_that_was_taken_for_dead_claims_its_sessions_anew_when_it_is_back()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var session = await a.Connect(Node);
        await Pass(Second, a, b);
        await Pass(15 * Second, b); // A is cut off from the database, its agent is not cut off from A.
        Assert.Equal("unknown", b.Show(Node).State);
        await Pass(Second, a, b);
        Assert.True(session.Stands);
        Assert.Equal(2, session.Epoch);
        Assert.Equal("running", b.Show(Node).State);
        Assert.Equal(3, _table.Get(Node).Change);
    }

    [Fact]
    public async Task Restarted_agent_is_another_presence_and_news_to_its_repositories()
    {
        var a = await Start("a");
        await a.Connect(Node, boot: 1);
        var before = a.Nodes.Get(Node)!;
        await a.Connect(Node, boot: 2, highestEpoch: 1);
        Assert.True(before.Ended.IsCancellationRequested);
        Assert.True(a.Nodes.IsHealthy(Node));
        Assert.Equal(2, _table.Get(Node).Change);
    }

    [Fact]
    public async Task Restarted_silo_knows_the_nodes_of_its_earlier_run_and_waits_for_them()
    {
        var a = await Start("a");
        await a.Connect(Node);
        _time.Advance(2 * Second);
        var again = await Start("a");
        Assert.Equal("moving", again.Show(Node).State);
        Assert.True(again.Nodes.IsFirst);
        await again.Connect(Node, attempt: 2, highestEpoch: 1);
        await Pass(20 * Second, again);
        Assert.Equal(("running", 2L), (again.Show(Node).State, again.Show(Node).Epoch));
        Assert.Equal(1, _table.Get(Node).Change);
    }

    [Fact]
    public async Task Only_the_first_of_the_living_silos_does_what_one_must_do_for_all()
    {
        var (a, b, c) = (await Start("a"), await Start("b"), await Start("c"));
        await Pass(Second, a, b, c);
        Assert.Equal([true, false, false], new[] { a, b, c }.Select(s => s.Nodes.IsFirst));
        await Pass(4 * Second, b, c);
        Assert.Equal([true, false], new[] { b, c }.Select(s => s.Nodes.IsFirst));
    }

    [Fact]
    public async Task Agents_are_told_which_silos_live()
    {
        var a = await Start("a");
        var session = await a.Connect(Node);
        var b = await Start("b");
        await Pass(Second, a, b);
        await Pass(4 * Second, a);
        Assert.Equal(
            ["http://a.example/", "http://a.example/ http://b.example/", "http://a.example/"],
            Messages(session).OfType<SessionMessage.Welcome>().Select(w => string.Join(' ', w.Silos)));
    }

    private static IEnumerable<long?> Welcomes(NodeSession session) =>
        Messages(session).OfType<SessionMessage.Welcome>().Select(w => w.SessionEpoch);

    private static IEnumerable<SessionMessage> Messages(NodeSession session)
    {
        while (session.Outbox.TryRead(out var message)) yield return message!;
    }
}
