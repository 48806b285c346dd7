using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Model.Copies;
using Aedile.Tests.Identity;
using Aedile.Tests.Model.Copies;
using Aedile.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: a silo says to each agent what it must do next, also while it stops.</summary>
public sealed class SessionEndpointTests : IDisposable
{
    private static readonly NodeName Node = NodeName.Parse("n1");

    private readonly TokenBench _bench = new();
    private readonly ManualTime _time;
    private readonly MemoryIdentityModel _model;
    private readonly MemorySessionTable _table;
    private readonly CopyHistory _history;
    private readonly NodeStatuses _statuses;
    private readonly SiloLife _life = new();
    private SessionSilo? _silo;

    public SessionEndpointTests()
    {
        _time = _bench.Clock;
        _model = new MemoryIdentityModel(TokenBench.Fleet, TokenBench.Skew, _time);
        _model.Put("key", TokenBench.Spec(_bench.Public));
        PutAgent(isDisabled: false);
        _table = new MemorySessionTable(_time);
        _history = new CopyHistory(1, _time);
        _statuses = new NodeStatuses(
            new MemoryStatusTable(_table), _time, NullLogger<NodeStatuses>.Instance);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _statuses.Dispose();
        _life.Dispose();
    }

    private async Task<Line> Connect()
    {
        _silo = await SessionSilo.Start("a", _table, _time);
        var endpoint = new SessionEndpoint(
            _silo.Keeper, new AgentStanding(_bench.Verifier, _model), new CopyFeed(_history.Replica), _statuses,
            Options.Create(new FleetOptions()), _life, _time, NullLogger<SessionEndpoint>.Instance);
        return await Line.Open(endpoint, _bench.Sign(_bench.AgentToken()));
    }

    private void PutAgent(bool isDisabled) => _model.Put(
        TokenBench.AgentId.Value, TokenBench.Holder(IdentityType.Agent, [BuiltInRoles.Agent], Node, isDisabled));

    private static SessionMessage.Hello Hello(long lastEvent = 0) => new(
        Node, new Guid(1, 0, 0, new byte[8]), 1, new Uri("http://127.0.0.1:1"), ["storage"], "1.0", 1, 0, lastEvent);

    [Fact(Timeout = 30_000)]
    public async Task Agent_that_comes_while_the_silo_stops_is_sent_on_and_not_refused()
    {
        await using var line = await Connect();
        _life.StopApplication();
        var away = Assert.IsType<SessionMessage.GoAway>(await line.Agent.Receive(Ct));
        Assert.Equal(("The silo stops.", true), (away.Reason, away.Retry));
    }

    [Fact(Timeout = 30_000)]
    public async Task Agent_whose_session_stands_when_the_silo_stops_is_sent_on()
    {
        await using var line = await Connect();
        await line.Agent.Send(Hello(), Ct);
        Assert.IsType<SessionMessage.Welcome>(await line.Agent.Receive(Ct));
        _life.StopApplication();
        var away = Assert.IsType<SessionMessage.GoAway>(await line.Agent.Receive(Ct));
        Assert.Equal(("the silo stops", true), (away.Reason, away.Retry));
        await line.Agent.Close("going", true, Ct);
        await line.Handling;
        // It went to come back elsewhere: nobody takes it for gone yet.
        Assert.Null(_table.Get(Node).EndedAt);
    }

    [Fact(Timeout = 30_000)]
    public async Task Agent_that_does_not_answer_a_goodbye_holds_the_silo_up_for_a_second_at_most()
    {
        await using var line = await Connect();
        await line.Agent.Send(Hello(), Ct);
        Assert.IsType<SessionMessage.Welcome>(await line.Agent.Receive(Ct));
        _time.Advance(TimeSpan.FromSeconds(3));
        while (await line.Agent.Receive(Ct) is { } message)
        {
            if (message is SessionMessage.GoAway away) Assert.Equal("three beats were missed", away.Reason);
        }

        Assert.False(line.Handling.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await line.Handling;
    }

    [Fact(Timeout = 30_000)]
    public async Task Who_says_no_hello_is_sent_away_for_good_if_it_speaks_wrongly_and_for_now_if_it_is_slow()
    {
        await using var wrong = await Connect();
        await wrong.Agent.Send(SessionMessage.Beat.Instance, Ct);
        Assert.False(Assert.IsType<SessionMessage.GoAway>(await wrong.Agent.Receive(Ct)).Retry);

        await using var slow = await Connect();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(Assert.IsType<SessionMessage.GoAway>(await slow.Agent.Receive(Ct)).Retry);
    }

    [Fact(Timeout = 30_000)]
    public async Task Session_ends_with_the_beat_after_its_agent_was_disabled_and_none_begins()
    {
        await using var line = await Connect();
        await line.Agent.Send(Hello(), Ct);
        Assert.IsType<SessionMessage.Welcome>(await line.Agent.Receive(Ct));
        PutAgent(isDisabled: true);
        await line.Agent.Send(SessionMessage.Beat.Instance, Ct);
        Assert.Contains("IdentityDisabled", Assert.IsType<SessionMessage.GoAway>(await line.Agent.Receive(Ct)).Reason);

        await using var late = await Connect();
        await late.Agent.Send(Hello(), Ct);
        var away = Assert.IsType<SessionMessage.GoAway>(await late.Agent.Receive(Ct));
        Assert.False(away.Retry);
        PutAgent(isDisabled: false);
        await using var other = await Connect();
        await other.Agent.Send(Hello() with { Node = NodeName.Parse("n2") }, Ct);
        Assert.Contains("does not speak for n2", Assert.IsType<SessionMessage.GoAway>(
            await other.Agent.Receive(Ct)).Reason);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_copy_and_a_status_go_over_the_session_and_marks_follow()
    {
        for (var i = 0; i < 50; i++) _history.Change();
        await using var line = await Connect();
        await line.Agent.Send(Hello(lastEvent: 3), Ct);
        Assert.IsType<SessionMessage.Welcome>(await line.Agent.Receive(Ct));
        Assert.Equal(new SessionMessage.StatusWanted(0), await line.Agent.Receive(Ct));
        await line.Agent.Send(
            new SessionMessage.StatusEvent(3, true, new MachineStatus("Linux", "1.0", 1, 1, 1, 1, 1), null), Ct);
        await line.Agent.Send(new SessionMessage.CopyWanted(CopyPoint.Nothing), Ct);

        var scope = CopyScope.Of(Node, ["storage"]);
        var piece = Assert.IsType<SessionMessage.CopyPiece>(await line.Agent.Receive(Ct));
        Assert.True(piece.IsWhole);
        Assert.Equal(CopyHistory.Project(_history.State, scope).Point, piece.End! with { AgeMs = 0 });
        Assert.Equal(
            CopyHistory.Project(_history.State, scope).All.OrderBy(e => e.Key), piece.Changed.OrderBy(e => e.Key));
        await Eventually.True("the status is shown", TimeSpan.FromSeconds(10), async () =>
        {
            await _statuses.Round(Ct);
            return _statuses.Find(Node)?.Sequence == 3;
        });

        var seen = new List<string>();
        while (seen.LastOrDefault() is not "CopyMark")
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await line.Agent.Send(SessionMessage.Beat.Instance, Ct);
            // Or else a busy silo would miss three beats that are under way.
            await Eventually.True("the beat is heard", TimeSpan.FromSeconds(10), () => Task.FromResult(
                _silo!.Nodes.OwnSessions.Single().LastBeat == _time.GetUtcNow()));
            seen.Add((await line.Agent.Receive(Ct))!.GetType().Name);
        }

        Assert.Contains("Beat", seen);
    }

    private sealed class SiloLife : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    // Two ends of a WebSocket; the silo's is handled.
    private sealed class Line : IAsyncDisposable
    {
        private readonly TcpClient _client = new();
        private TcpClient _accepted = null!;

        public SessionChannel Agent { get; private set; } = null!;

        public Task Handling { get; private set; } = null!;

        public static async Task<Line> Open(SessionEndpoint endpoint, string token)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var line = new Line();
            await line._client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Ct);
            line._accepted = await listener.AcceptTcpClientAsync(Ct);
            line.Agent = new SessionChannel(
                WebSocket.CreateFromStream(line._client.GetStream(), new WebSocketCreationOptions()));
            var http = new DefaultHttpContext();
            http.Features.Set<IHttpWebSocketFeature>(new Accepting(line._accepted.GetStream()));
            http.Request.Headers.Authorization = $"Bearer {token}";
            line.Handling = endpoint.Handle(http);
            return line;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            // What a test has found shall not be hidden by a session that does not end.
            await Handling.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
            _accepted.Dispose();
        }
    }

    private sealed class Accepting(NetworkStream stream) : IHttpWebSocketFeature
    {
        public bool IsWebSocketRequest => true;

        public Task<WebSocket> AcceptAsync(WebSocketAcceptContext context) => Task.FromResult(
            WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }));
    }
}
