using Orleans.Storage;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: what goes wrong in another silo is told as exactly as if it were here.</summary>
public sealed class RemoteErrorTests
{
    [Fact]
    public async Task A_timeout_names_the_chain_that_comes_back_over_silos()
    {
        var clock = new Support.ManualTime();
        await using var fleet = await WireFleet.Start(2, clock);
        var call = fleet[0].Tally("0:a").Chain(["1:b", "0:a"], allowReentrancy: false);
        while (fleet[0].Host.CallsWaiting < 3) await Task.Yield();
        clock.Advance(TimeSpan.FromSeconds(31));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("tally/0:a -> ITallyGrain.Chain on tally/1:b", error.Message, StringComparison.Ordinal);
        Assert.Contains("comes back", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_write_ends_the_activation_it_arose_in_and_not_its_remote_caller()
    {
        await using var fleet = await WireFleet.Start(2);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => fleet[0].Tally("1:a").LoseWrite());
        Assert.True(error.HasEndedItsActivation);
        Assert.Equal(2, await fleet[0].Tally("1:a").Instance());
    }
}
