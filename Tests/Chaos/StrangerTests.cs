using System.Net;
using System.Net.Sockets;
using Aedile.Engine.Messaging;
using Aedile.Tests.Counters;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: whoever comes to a fleet under load and does not belong to it, or is set up wrong, is refused in a clear line;
/// no call fails because of it, and no silo ends.
/// </summary>
public sealed class StrangerTests(ThreeCounterSilos silos) : IClassFixture<ThreeCounterSilos>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly long _began = CounterFleet.Clock.GetTimestamp();

    private CounterFleet Fleet => silos.Fleet;

    public async ValueTask InitializeAsync()
    {
        Fleet.Load(callers: 10);
        await Fleet.WhenAllAnswer(Soon);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Timeout = 120_000)]
    public async Task Garbage_and_strangers_on_both_ports_are_refused_and_no_call_fails()
    {
        var silo = Fleet.Silos[0];
        int[] ports = [Fleet.SiloPort(0) + SiloNetwork.Behind, Fleet.Gateway(0)];
        foreach (var port in ports)
        {
            await Refused(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await Refused(port, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"u8.ToArray());
            await Refused(port, Frame(Greet("elsewhere")));
            await Refused(port, [.. BitConverter.GetBytes(int.MaxValue), 1, 2, 3]);
            await Refused(port, [.. Frame(Greet(CounterSilo.Cluster)), .. BitConverter.GetBytes(int.MaxValue), 9]);
            await Refused(port, [.. Frame(Greet(CounterSilo.Cluster)), .. Frame(new byte[200])]);
        }

        // Those who say nothing, or half a word, cost a connection each until their time is over.
        var silent = ports.SelectMany(port => Enumerable.Repeat(port, 100)).Select(Connect).ToList();
        foreach (var socket in silent.Where((_, i) => i % 2 == 0)) await socket.SendAsync(new byte[] { 9, 0 });
        foreach (var socket in silent) await Ended(socket);
        foreach (var words in new[]
        {
            "another protocol", "it belongs to cluster 'elsewhere', this is 'counters'", "it did not greet in time",
            "it is a client, and this port is for silos", "A frame of 2,147,483,647 bytes is longer than the limit",
        })
        {
            await silo.WhenSaid(words);
        }

        await MustGoOn();
        MustHaveFailedNothing();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_process_at_an_address_in_use_does_not_start_and_says_so()
    {
        await using var twin = Fleet.LaunchTwin(Fleet.Silos[0]);
        Assert.NotEqual(0, await twin.WhenEnded(Soon));
        Assert.Contains(
            $"can't listen at 127.0.0.1:{Fleet.SiloPort(0)}", twin.Console, StringComparison.Ordinal);
        await MustGoOn();
        MustHaveFailedNothing();
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_two_silos_that_give_one_address_the_older_ends_and_says_why()
    {
        var older = Fleet.Silos[1];
        await using var newer = Fleet.LaunchAtAnotherPort(older);
        Assert.Equal(75, await older.WhenEnded(Soon));
        await older.WhenSaid("must end");

        // The newer one is in its place: the others reach it on the links that it dials.
        await newer.WhenReady();
        await Fleet.WhenAllAnswer(Soon);
        await newer.Kill();
        await Fleet.Relaunch(older).WhenReady();
        await MustGoOn();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_clock_that_is_an_hour_wrong_is_told_of_and_changes_nothing()
    {
        var wrong = Fleet.Launch((CounterSilo.ClockVariable, "3600"));
        await wrong.WhenReady();
        await Eventually.True("it hosts counters", Soon, () => Task.FromResult(
            Fleet.Ledger.Answers.Any(answer => answer.Silo == wrong.Name)));
        await Fleet.Silos[0].WhenSaid("differs by 3");
        await wrong.WhenSaid("differs by 3");
        MustHaveFailedNothing();

        // Leases and deaths are judged as ever.
        await wrong.Kill();
        var took = await Fleet.WhenAllAnswer(Soon);
        Assert.True(took < TimeSpan.FromSeconds(8), $"all answer after {took}");
        await MustGoOn();
    }

    private static ReadOnlyMemory<byte> Greet(string cluster) =>
        new Greeting(cluster, CounterSilo.Cluster, null, "stranger", null, TimeProvider.System.GetUtcNow()).ToFrame();

    private static byte[] Frame(ReadOnlyMemory<byte> content) =>
        [.. BitConverter.GetBytes(content.Length), .. content.Span];

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static async Task Refused(int port, byte[] bytes)
    {
        var socket = Connect(port);
        await socket.SendAsync(bytes);
        await Ended(socket);
    }

    // The silo hangs up, in order or not, within ten seconds.
    private static async Task Ended(Socket socket)
    {
        using var _ = socket;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try
        {
            while (await socket.ReceiveAsync(new byte[4096], limit.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }

    private void MustHaveFailedNothing() =>
        Assert.DoesNotContain(Fleet.Ledger.Failures, call => call.EndedAt > _began);

    private async Task MustGoOn()
    {
        await Fleet.WhenAllAnswer(Soon);
        await Fleet.MustHaveLostNothing();
        Assert.All(Fleet.Silos.Take(3), silo => Assert.False(silo.HasEnded, silo.Console));
    }
}
