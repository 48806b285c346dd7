using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Tests.Simulation;

/// <summary>Goal: the simulated network does what TCP does, and nothing that TCP doesn't.</summary>
public sealed class LinkNetworkTests
{
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress There = IPAddress.Parse("10.0.0.2");
    private static readonly IPEndPoint Door = new(There, 7000);

    private readonly SimulatedScheduler _scheduler;
    private readonly LinkNetwork _network;
    private readonly SimulatedProcess _client;
    private readonly SimulatedProcess _host;
    private readonly Reader _atHost = new();
    private readonly Reader _atClient = new();
    private ILink? _accepted;

    public LinkNetworkTests()
    {
        var chance = new Chance(1);
        _scheduler = new SimulatedScheduler(chance, isTraceKept: false);
        _network = new LinkNetwork(
            _scheduler, chance, new LinkTrouble { IsOn = true, LateOneIn = 5, LateMost = TimeSpan.FromSeconds(1) });
        _client = _scheduler.Start("client");
        _host = _scheduler.Start("host");
    }

    [Fact]
    public void Frames_arrive_once_and_in_order_both_ways()
    {
        var link = Connect();
        _client.Post(() =>
        {
            for (byte i = 0; i < 200; i++) link.Send([i]);
        });
        Run(() => _atHost.Frames.Count == 200);
        _host.Post(() => _accepted!.Send("back"u8));
        Run(() => _atClient.Frames.Count == 1);

        Assert.Equal(Enumerable.Range(0, 200), _atHost.Frames.Select(f => (int)f[0]));
    }

    [Fact]
    public void Nobody_who_listens_is_a_refusal()
    {
        var connecting = _client.Run(() => PortOfClient().Connect(Door, CancellationToken.None));
        Run(() => connecting.IsCompleted);

        Assert.IsType<ConnectionRefusedException>(connecting.Exception!.InnerException);
    }

    [Fact]
    public void A_process_that_dies_resets_its_links_and_is_refused_from_then_on()
    {
        Connect();
        Kill(_host);
        Run(() => _atClient.Ends == 1);

        var connecting = _client.Run(() => PortOfClient().Connect(Door, CancellationToken.None));
        Run(() => connecting.IsCompleted);
        Assert.IsType<ConnectionRefusedException>(connecting.Exception!.InnerException);
        Assert.IsType<IOException>(_atClient.Reason);
    }

    [Fact]
    public void A_paused_process_accepts_and_is_silent_until_it_is_resumed()
    {
        var link = Connect();
        _host.Pause();
        _client.Post(() => link.Send("late"u8));
        var second = _client.Run(() => PortOfClient().Connect(Door, CancellationToken.None));
        Run(() => second.IsCompletedSuccessfully);
        Assert.False(_scheduler.RunUntil(() => _atHost.Frames.Count > 0, TimeSpan.FromMinutes(1)));

        _host.Resume();
        Run(() => _atHost.Frames.Count == 1);
    }

    [Fact]
    public void A_cut_one_way_holds_back_that_way_only()
    {
        var link = Connect();
        _network.Cut(Here, There);
        _client.Post(() => link.Send("held"u8));
        _host.Post(() => _accepted!.Send("through"u8));
        Run(() => _atClient.Frames.Count == 1);
        var connecting = _client.Run(() => PortOfClient().Connect(Door, CancellationToken.None));
        Assert.False(_scheduler.RunUntil(
            () => _atHost.Frames.Count > 0 || connecting.IsCompleted, TimeSpan.FromSeconds(7)));

        _network.Mend(Here, There);
        Run(() => _atHost.Frames.Count == 1 && connecting.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_cut_that_lasts_ends_the_link_at_both_ends_and_what_was_held_is_lost()
    {
        var link = Connect();
        _network.Cut(Here, There);
        _client.Post(() => link.Send("held"u8));
        Run(() => _atClient.Ends == 1 && _atHost.Ends == 1);

        _network.Mend(Here, There);
        Assert.False(_scheduler.RunUntil(() => _atHost.Frames.Count > 0, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_process_that_died_behind_a_cut_resets_its_links_when_it_is_mended()
    {
        Connect();
        _network.Cut(There, Here);
        Kill(_host);
        Assert.False(_scheduler.RunUntil(() => _atClient.Ends > 0, TimeSpan.FromSeconds(7)));

        _network.Mend(There, Here);
        Run(() => _atClient.Ends == 1);
    }

    [Fact]
    public void A_link_that_breaks_delivers_the_first_frames_and_ends_on_both_sides()
    {
        var link = Connect();
        _client.Post(() =>
        {
            for (byte i = 0; i < 100; i++) link.Send([i]);
        });
        Run(() => _atHost.Frames.Count > 10);
        _network.BreakAny();
        Run(() => _atHost.Ends == 1 && _atClient.Ends == 1);

        Assert.Equal(Enumerable.Range(0, _atHost.Frames.Count), _atHost.Frames.Select(f => (int)f[0]));
    }

    [Fact]
    public void A_link_that_is_closed_in_order_delivers_everything()
    {
        var link = Connect();
        _client.Post(() =>
        {
            for (byte i = 0; i < 50; i++) link.Send([i]);
            link.Close(null);
        });
        Run(() => _atHost.Ends == 1 && _atClient.Ends == 1);

        Assert.Equal(50, _atHost.Frames.Count);
        Assert.Null(_atHost.Reason);
    }

    [Fact]
    public void Who_sends_faster_than_the_other_reads_has_to_wait()
    {
        var link = Connect();
        _host.Pause();
        var waiting = _client.Run(async () =>
        {
            for (var i = 0; i < 3; i++) link.Send(new byte[500_000]);
            await link.WhenWritable();
        });
        Assert.False(_scheduler.RunUntil(() => waiting.IsCompleted, TimeSpan.FromMinutes(1)));

        _host.Resume();
        Run(() => waiting.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void A_clock_that_drifts_never_rings_early(int drift)
    {
        var process = _scheduler.Start("drifting", clock: new ClockError(drift, TimeSpan.FromHours(1)));
        var (begun, rung) = (process.Time.GetTimestamp(), false);
        using var timer = process.Time.CreateTimer(
            _ => rung = true, null, TimeSpan.FromSeconds(100), Timeout.InfiniteTimeSpan);
        Run(() => rung);

        Assert.InRange(process.Time.GetElapsedTime(begun).TotalSeconds, 100, 100.001);
        Assert.InRange(_scheduler.Now.TotalSeconds, 100 - drift * 0.0001 - 0.001, 100 - drift * 0.0001 + 0.001);
        Assert.Equal(
            SimulatedTime.Epoch.AddHours(1).AddSeconds(100), process.Time.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    private INetwork PortOfClient() => _network.PortOf(_client, Here);

    private ILink Connect()
    {
        var listening = _host.Run(() => _network.PortOf(_host, There).Listen(
            Door, accepted => (_accepted ??= accepted).Start(_atHost), CancellationToken.None));
        Run(() => listening.IsCompletedSuccessfully);
        var connecting = _client.Run(() => PortOfClient().Connect(Door, CancellationToken.None));
        Run(() => connecting.IsCompletedSuccessfully);
        _client.Post(() => connecting.Result.Start(_atClient));
        Run(() => _accepted is not null);
        return connecting.Result;
    }

    private void Kill(SimulatedProcess process)
    {
        process.Kill();
        _network.Died(process);
    }

    private void Run(Func<bool> isDone) => Assert.True(_scheduler.RunUntil(isDone, TimeSpan.FromMinutes(5)));

    private sealed class Reader : ILinkReceiver
    {
        public List<byte[]> Frames { get; } = [];

        public int Ends { get; private set; }

        public Exception? Reason { get; private set; }

        public void Received(ReadOnlyMemory<byte> frame) => Frames.Add(frame.ToArray());

        public void Closed(Exception? reason) => (Ends, Reason) = (Ends + 1, reason);
    }
}
