using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Aedile.Tests.Engine.Messaging;
using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine.Observers;

/// <summary>Goal: a call of an observer finds its process, or fails at once and says why.</summary>
[Trait("Engine", "Bundled")]
public sealed class ObserverPathTests
{
    [Fact]
    public async Task A_client_that_lost_its_gateway_is_called_through_the_next_one()
    {
        await using var fleet = await WireFleet.Start(3);
        await using var client = await WireClient.Start([fleet.GatewayOf(0), fleet.GatewayOf(1)]);
        await client.Log.Line(fleet[1].Address.ToString());
        await client.Log.Line(fleet[0].Address.ToString());
        var reader = new Reader("r");
        var reference = client.Client.GrainFactory.CreateObjectReference<IReader>(reader);
        var grain = fleet[2].Grains.GetGrain<IBulletinGrain>("2:a");
        await grain.Subscribe(reference);
        Assert.Equal(["r: before"], await grain.Ask("before"));
        fleet[0].Kill();
        Assert.Equal(["r: after"], await Surely(() => grain.Ask("after")));
        fleet[1].Kill();
        await fleet.Restart(0);
        Assert.Equal(["r: again"], await Surely(() => grain.Ask("again")));
        await grain.Publish("news");
        Assert.Equal(["news", "news"], await reader.Told(2));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task A_client_that_is_gone_is_not_available_and_one_way_calls_are_dropped_with_a_line()
    {
        await using var fleet = await WireFleet.Start(2);
        var grain = fleet[0].Grains.GetGrain<IBulletinGrain>("1:a");
        await using (var client = await WireClient.Start([fleet.GatewayOf(0)]))
        {
            var reader = new Reader("r");
            await grain.Subscribe(client.Client.GrainFactory.CreateObjectReference<IReader>(reader));
            Assert.Equal(["r: who"], await grain.Ask("who"));
            GC.KeepAlive(reader);
        }

        // Until the gateway has seen that the client went, a call is sent to it, and may have run.
        await fleet[0].Log.Line("the link with client");
        var error = await Assert.ThrowsAsync<ClientNotAvailableException>(() => grain.Ask("who"));
        Assert.Contains("connected to no silo", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClientNotAvailableException>(() => grain.Ask("now it is known"));
        await grain.Publish("news");
        await fleet[1].Log.Line("IReader.Note on observer");
    }

    [Fact]
    public async Task An_observer_of_a_silo_that_is_dead_is_not_available_at_once()
    {
        await using var fleet = await WireFleet.Start(2);
        var reader = new Reader("r");
        var reference = fleet[1].Grains.CreateObjectReference<IReader>(reader);
        var grain = fleet[0].Grains.GetGrain<IBulletinGrain>("0:a");
        await fleet[1].Grains.GetGrain<IBulletinGrain>("0:a").Subscribe(reference);
        Assert.Equal(["r: who"], await grain.Ask("who"));
        fleet[1].Kill();
        fleet[0].Links.Messenger.Abandon(fleet[1].Address);
        var error = await Assert.ThrowsAsync<ClientNotAvailableException>(() => grain.Ask("who"));
        Assert.Contains("declared dead", error.Message, StringComparison.Ordinal);
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task A_call_in_flight_to_a_client_that_breaks_off_says_that_it_may_have_run()
    {
        await using var fleet = await WireFleet.Start(2);
        var client = await WireClient.Start([fleet.GatewayOf(0)]);
        var reader = new Reader("r");
        var grain = fleet[0].Grains.GetGrain<IBulletinGrain>("1:a");
        await grain.Subscribe(client.Client.GrainFactory.CreateObjectReference<IReader>(reader));
        var call = grain.Hold("gate");
        await reader.Reached("gate", call);
        await client.DisposeAsync();
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        Assert.Contains("may have run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_calls_an_observer_of_another_client_and_of_itself()
    {
        await using var fleet = await WireFleet.Start(2);
        await using var first = await WireClient.Start([fleet.GatewayOf(0)]);
        await using var second = await WireClient.Start([fleet.GatewayOf(1)]);
        var reader = new Reader("r");
        var own = first.Client.GrainFactory.CreateObjectReference<IReader>(reader);
        Assert.Equal("r: me", await own.Answer("me"));
        var theirs = second.Client.GrainFactory.GetGrain<IReader>(own.GetGrainId());
        Assert.Equal("r: you", await theirs.Answer("you"));
        theirs.Note("news");
        Assert.Equal(["news"], await reader.Told(1));
        GC.KeepAlive(reader);
    }

    [Fact]
    public async Task An_object_that_nobody_keeps_is_collected_and_not_available()
    {
        await using var silo = await TestSilo.Start();
        var reference = Forgotten(silo);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var error = await Assert.ThrowsAsync<ClientNotAvailableException>(() => reference.Answer("who"));
        Assert.Contains("collected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_without_a_reference_is_no_argument()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<IBulletinGrain>("a");
        var error = Assert.Throws<ArgumentException>(() => { _ = grain.Subscribe(new Reader("r")); });
        Assert.Contains("CreateObjectReference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_observer_whose_contract_breaks_a_rule_is_refused()
    {
        await using var silo = await TestSilo.Start();
        var error = Assert.Throws<InvalidOperationException>(
            () => silo.Grains.CreateObjectReference<IBadReader>(new BadReader()));
        Assert.Contains("use ImmutableArray", error.Message, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReader Forgotten(TestSilo silo) => silo.Grains.CreateObjectReference<IReader>(new Reader("gone"));

    // While the word of a death is on its way, calls may fail; then they must not.
    private static async Task<ImmutableArray<string>> Surely(Func<Task<ImmutableArray<string>>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (SiloUnavailableException)
            {
                // It was in flight when the gateway died.
            }
        }
    }
}

public interface IBadReader : IGrainObserver
{
    void Note(byte[] bytes);
}

public sealed class BadReader : IBadReader
{
    public void Note(byte[] bytes)
    {
    }
}
