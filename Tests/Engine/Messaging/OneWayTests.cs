using System.Net;
using System.Net.Sockets;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Tests.Engine.Observers;
using Aedile.Tests.Support;
using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: calls that nobody waits for can't fill the memory, and none is lost without a line.</summary>
[Trait("Engine", "Bundled")]
public sealed class OneWayTests
{
    [Fact]
    public async Task More_than_the_limit_in_front_of_one_grain_are_dropped_with_a_line()
    {
        var log = new LogBook();
        await using var silo = await TestSilo.Start(builder => builder.Services.AddSingleton<ILoggerFactory>(log));
        var hold = silo.Tally("a").Hold("hold");
        await silo.Stage.Reached("hold");
        silo.Stage.Open("poke");
        for (var i = 0; i < OneWayGate.WaitingMax + 50; i++) await silo.Tally("a").Poke("poke");
        var after = silo.Tally("a").Sum();
        silo.Stage.Open("hold");
        await hold;
        await after;
        Assert.Equal(OneWayGate.WaitingMax, silo.Stage.Story.Count(line => line == "poke ended"));
        Assert.Equal(50, log.Lines.Count(line => line.Contains("tally/a was dropped", StringComparison.Ordinal)));
        await silo.Tally("a").Poke("poke");
        await silo.Tally("a").Sum();
        Assert.Equal(OneWayGate.WaitingMax + 1, silo.Stage.Story.Count(line => line == "poke ended"));
    }

    [Fact]
    public async Task More_than_the_limit_in_front_of_one_observer_are_dropped_with_a_line()
    {
        var log = new LogBook();
        await using var silo = await TestSilo.Start(builder => builder.Services.AddSingleton<ILoggerFactory>(log));
        var reader = new Reader("r");
        var reference = silo.Grains.CreateObjectReference<IReader>(reader);
        var hold = reference.Hold("hold");
        await reader.Reached("hold", hold);
        for (var i = 0; i < OneWayGate.WaitingMax + 50; i++) reference.Note("note");
        reader.Stage.Open("hold");
        await hold;
        Assert.Equal("r: after", await reference.Answer("after"));
        Assert.Equal(OneWayGate.WaitingMax, reader.Stage.Story.Count(line => line == "note"));
        Assert.Equal(50, log.Lines.Count(line => line.Contains("too many wait", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_without_a_silo_to_go_to_is_dropped_in_the_end_with_a_line()
    {
        var clock = new ManualTime();
        await using var fleet = await WireFleet.Start(1, clock);
        fleet[0].Router.Place(_ => null);
        await fleet[0].Tally("a").Poke("gate");
        while (!fleet[0].Log.Lines.Any(line => line.Contains("was dropped", StringComparison.Ordinal)))
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.Contains("no silo may host it", await fleet[0].Log.Line("was dropped"), StringComparison.Ordinal);
        fleet[0].Router.Place(_ => fleet[0].Address);
        Assert.Equal(0, await fleet[0].Tally("a").Sum());
        Assert.Empty(fleet.Stage.Story);
    }

    [Fact]
    public async Task One_to_a_silo_that_died_goes_to_the_next_owner()
    {
        await using var fleet = await WireFleet.Start(2);
        await fleet[0].Tally("1:a").Sum();
        fleet[1].Kill();
        fleet[0].Router.Place(_ => null); // Nobody owns it until the death is known.
        await fleet[0].Tally("1:a").Poke("gate");
        fleet[0].Router.Place(_ => fleet[0].Address);
        await fleet.Stage.Reached("gate");
        fleet.Stage.Open("gate");
    }

    [Fact]
    public async Task A_caller_that_awaits_them_goes_no_faster_than_the_link()
    {
        await using var fleet = await WireFleet.Start(1);
        var slow = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, PortRange.Take(1)), 1);
        using var listener = new TcpListener(slow.Endpoint);
        listener.Start();
        fleet[0].Router.Place(_ => slow);
        await fleet[0].Tally("a").Poke("first");
        using var socket = await listener.AcceptSocketAsync();
        var greeting = new Greeting("test", "service", slow, "", null, TimeProvider.System.GetUtcNow()).ToFrame();
        await socket.SendAsync(BitConverter.GetBytes(greeting.Length));
        await socket.SendAsync(greeting);
        await fleet[0].Log.Line($"linked with silo {slow}");

        var large = new string('x', 1024 * 1024);
        var sent = 0;
        Task last;
        while ((last = fleet[0].Tally("a").Poke(large)).IsCompleted) Assert.InRange(++sent, 1, 200);
        var buffer = new byte[1024 * 1024];
        while (!last.IsCompleted) Assert.NotEqual(0, await socket.ReceiveAsync(buffer));
        await last;
    }
}
