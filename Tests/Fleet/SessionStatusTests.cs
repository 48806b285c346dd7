using Aedile.Agent.Fleet;
using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: what a node says of itself is shown alike by every silo and never in another order, whichever silo holds its
/// session, dies with it, or wakes up late. Several silos on one table; no sockets.
/// </summary>
public sealed class SessionStatusTests : IDisposable
{
    private static readonly NodeName Node = NodeName.Parse("storage-1");

    private readonly ManualTime _time = new();
    private readonly MemorySessionTable _sessions;
    private readonly MemoryStatusTable _statuses;
    private readonly NodeStatuses _a;
    private readonly NodeStatuses _b;
    private readonly StatusReporter _agent;
    private int _replicas;

    public SessionStatusTests()
    {
        _sessions = new MemorySessionTable(_time);
        _statuses = new MemoryStatusTable(_sessions);
        (_a, _b) = (NewSilo(), NewSilo());
        _agent = new StatusReporter(
            () => new NodeStatus(
                new MachineStatus("Linux", "1.0", 2, 1000, 500, 1000, 500),
                new StorageStatus(_replicas, 0, 0, 0, false, false)), _time);
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    private NodeStatuses NewSilo() => new(_statuses, _time, NullLogger<NodeStatuses>.Instance);

    // A session, and what the agent has sent over it that has not arrived.
    private async Task<(SessionStatus Status, Action Deliver)> Connect(
        SessionSilo silo, NodeStatuses statuses, long attempt)
    {
        var session = new NodeSession(
            silo.Hello(Node, attempt: attempt, highestEpoch: attempt - 1).Hello with { LastEvent = _agent.LastEvent },
            _time);
        Assert.True((await silo.Keeper.Begin(session)).Began);
        var status = new SessionStatus(session, statuses, _time);
        status.Begin();
        var wire = new Queue<SessionMessage.StatusEvent>();
        _agent.Attach(message => wire.Enqueue((SessionMessage.StatusEvent)message), session.Hello.LastEvent);
        return (status, Deliver);

        void Deliver()
        {
            do
            {
                while (wire.TryDequeue(out var said)) status.Take(said);
                while (session.Outbox.TryRead(out var message))
                    if (message is SessionMessage.StatusWanted wanted) _agent.Answer(wanted);
            }
            while (wire.Count > 0);
        }
    }

    private void Say(int replicas)
    {
        _replicas = replicas;
        _agent.Look();
    }

    private static (long? Epoch, int? Replicas) Shown(NodeStatuses silo) => silo.Find(Node) is { } row
        ? (row.Epoch, SessionStatus.Read(row)!.Storage!.Replicas)
        : (null, null);

    private Task<SessionSilo> Start(string name) => SessionSilo.Start(name, _sessions, _time);

    private async Task Rounds()
    {
        foreach (var silo in new[] { _a, _b, _a }) await silo.Round(CancellationToken.None);
    }

    [Fact]
    public async Task Every_silo_shows_what_the_agent_said_to_one_of_them()
    {
        var (_, deliver) = await Connect(await Start("a"), _a, 1);
        deliver();
        await Rounds();
        Assert.Equal((1, 0), Shown(_a));
        Assert.Equal((1, 0), Shown(_b));
        Say(3);
        deliver();
        // Not shown before every silo can show it.
        Assert.Equal((1, 0), Shown(_a));
        await Rounds();
        Assert.Equal((1, 3), Shown(_b));
    }

    [Fact]
    public async Task A_silo_that_starts_shows_from_its_first_moment_what_was_shown_before()
    {
        var (_, deliver) = await Connect(await Start("a"), _a, 1);
        deliver();
        await Rounds();
        using var started = NewSilo();
        await started.StartAsync(CancellationToken.None);
        Assert.Equal((1, 0), Shown(started)); // And no tick of its clock has come.
        await started.StopAsync(CancellationToken.None);
    }

    // cnapi §0.2 for what is written: A's word comes when B, then A again, has the session.
    [Fact]
    public async Task Late_words_of_a_silo_of_the_past_change_nothing_on_the_way_there_and_back()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var (_, first) = await Connect(a, _a, 1);
        first();
        await Rounds();
        Say(1);
        first(); // A has heard it, and stands still before it writes.
        var (_, second) = await Connect(b, _b, 2);
        Say(2);
        second();
        await _b.Round(CancellationToken.None);
        Assert.Equal((2, 2), Shown(_b));
        await Rounds(); // A goes on: its word is of epoch 1.
        Assert.Equal((2, 2), Shown(_a));
        Assert.Equal((2, 2), Shown(_b));

        Say(3);
        second(); // Now B stands still.
        var (_, third) = await Connect(a, _a, 3);
        Say(4);
        third();
        await _a.Round(CancellationToken.None);
        await Rounds();
        Assert.Equal((3, 4), Shown(_a));
        Assert.Equal((3, 4), Shown(_b));
    }

    [Fact]
    public async Task Silo_that_dies_with_what_it_heard_loses_nothing_for_the_next_one_asks()
    {
        var (a, b) = (await Start("a"), await Start("b"));
        var (_, first) = await Connect(a, _a, 1);
        first();
        await Rounds();
        Say(1);
        first(); // Heard, and never written.
        var (_, second) = await Connect(b, _b, 2);
        second();
        await _b.Round(CancellationToken.None);
        Assert.Equal((2, 1), Shown(_b));
    }

    [Fact]
    public async Task Session_that_ends_with_a_word_on_its_way_is_shown_as_it_was_and_the_next_one_asks()
    {
        var a = await Start("a");
        var (_, first) = await Connect(a, _a, 1);
        first();
        Say(1);
        await Rounds();
        Assert.Equal((1, 0), Shown(_b));
        var (_, again) = await Connect(a, _a, 2);
        again();
        await Rounds();
        Assert.Equal((2, 1), Shown(_b));
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_lost_and_what_is_shown_stays()
    {
        var (status, deliver) = await Connect(await Start("a"), _a, 1);
        deliver();
        await Rounds();
        _statuses.IsAway = true;
        Say(1);
        deliver();
        await Rounds();
        Say(2);
        deliver();
        await Rounds();
        Assert.Equal((1, 0), Shown(_a));
        _statuses.IsAway = false;
        await Rounds();
        Assert.Equal((1, 2), Shown(_b));
        Assert.NotNull(status.Row);
    }

    [Fact]
    public async Task Provisional_session_is_heard_and_written_when_it_has_its_epoch()
    {
        var a = await Start("a");
        _sessions.IsAway = true;
        var (status, deliver) = await Connect(a, _a, 1);
        deliver();
        await Rounds();
        Assert.Null(status.Row);
        Assert.Null(_a.Find(Node));
        _sessions.IsAway = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Rounds();
        Assert.Equal((1, 0), Shown(_b));
    }

    [Fact]
    public async Task Agent_of_an_earlier_program_is_asked_nothing()
    {
        var a = await Start("a");
        var session = await a.Connect(Node);
        new SessionStatus(session, _a, _time).Begin();
        while (session.Outbox.TryRead(out var message)) Assert.IsType<SessionMessage.Welcome>(message);
    }
}
