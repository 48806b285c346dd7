using Aedile.Tests.Support;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: who waits in vain learns what for, over all silos between, and whether the call was sent.</summary>
[Trait("Engine", "Bundled")]
public sealed class StatusTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_timeout_says_what_the_grain_in_another_silo_works_on()
    {
        var clock = new ManualTime();
        await using var fleet = await WireFleet.Start(2, clock);
        var call = fleet[0].Tally("1:a").Hold("gate");
        await fleet.Stage.Reached("gate");
        clock.Advance(Limit / 2);
        await Arrived(fleet, 2);
        clock.Advance(Limit / 2);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains($"[silo {fleet[1].Address}: the grain works on it, ", error.Message, StringComparison.Ordinal);
        Assert.Contains("whether the call took effect is unknown", error.Message, StringComparison.Ordinal);
        fleet.Stage.Open("gate");
    }

    [Fact]
    public async Task A_word_comes_by_way_of_all_silos_and_names_the_whole_chain()
    {
        var clock = new ManualTime();
        await using var fleet = await WireFleet.Start(3, clock);
        _ = fleet[2].Tally("2:c").Hold("gate");
        await fleet.Stage.Reached("gate");
        var call = fleet[0].Tally("1:b").Chain(["2:c"], allowReentrancy: false);
        while (fleet[2].Host.CallsWaiting < 2) await Task.Yield();
        for (var i = 0; i < 4; i++)
        {
            clock.Advance(Limit / 6);
            await Arrived(fleet, 3);
        }

        clock.Advance(Limit / 2);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("ITallyGrain.Chain on tally/1:b [silo ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"ITallyGrain.Chain on tally/2:c [silo {fleet[2].Address}: it waits for its turn", error.Message,
            StringComparison.Ordinal);
        fleet.Stage.Open("gate");
    }

    [Fact]
    public async Task A_call_that_was_never_sent_says_so_and_what_it_waited_for()
    {
        var clock = new ManualTime();
        await using var fleet = await WireFleet.Start(1, clock);
        fleet[0].Router.Place(_ => null);
        var call = fleet[0].Tally("a").HoldShortly("gate");
        while (clock.ArmedTimers < 4) await Task.Yield(); // With the pause between two tries.
        clock.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("was not sent, so its grain did not see it", error.Message, StringComparison.Ordinal);
        Assert.Contains("[no silo may host it now]", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_hears_by_its_gateway_that_its_call_has_not_reached_its_grain()
    {
        await using var fleet = await WireFleet.Start(2);
        await using var client = await WireClient.Start([fleet.GatewayOf(0)]);
        fleet[0].Router.Place(_ => null);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => client.Tally("1:a").HoldShortly("gate"));
        Assert.Contains(
            $"[silo {fleet[0].Address}: the call has not reached its grain: no silo may host it now]", error.Message,
            StringComparison.Ordinal);
    }

    // What was sent before is received before the answer to a call that follows it.
    private static async Task Arrived(WireFleet fleet, int silos)
    {
        for (var silo = silos - 1; silo > 0; silo--) await fleet[silo - 1].Tally($"{silo}:other").Sum();
    }
}
