using Aedile.Tests.Engine.Messaging;
using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine.Enumerations;

/// <summary>Goal: an enumeration that can't go on says so, and nothing of it is left in the grain.</summary>
[Trait("Engine", "Bundled")]
public sealed class EnumerationEndTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_that_nobody_goes_on_with_is_ended_after_the_response_timeout()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<IListerGrain>("a");
        var items = grain.Endless().WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        silo.Clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.True(await items.MoveNextAsync());
        silo.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await grain.Produced();
        Assert.Empty(silo.Stage.Story);
        silo.Clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        while (silo.Stage.Story.Count == 0) await Task.Yield();
        var error = await Assert.ThrowsAsync<EnumerationAbortedException>(() => items.MoveNextAsync().AsTask());
        Assert.Contains("for too long", error.Message, StringComparison.Ordinal);
        await items.DisposeAsync();
    }

    [Fact]
    public async Task One_that_waits_for_its_grain_longer_than_a_call_may_take_goes_on()
    {
        await using var silo = await TestSilo.Start();
        await using var items = silo.Grains.GetGrain<IListerGrain>("a").Pause("gate").GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync().AsTask();
        await silo.Stage.Reached("gate");
        var armed = 0;
        for (var i = 0; i < 10; i++)
        {
            // The collector, the deadlines, the idle limit, and the wait for an item.
            while ((armed = silo.Clock.ArmedTimers) < 4) await Task.Yield();
            silo.Clock.Advance(Limit / 2);
        }

        Assert.Equal(4, armed);

        Assert.False(next.IsCompleted);
        silo.Stage.Open("gate");
        Assert.True(await next);
    }

    [Fact]
    public async Task A_call_that_waits_when_its_grain_is_deactivated_is_aborted_at_once()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<IListerGrain>("a");
        await using var items = grain.UntilCancelled().WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync().AsTask();
        while (!silo.Stage.Story.Contains("waits")) await Task.Yield();
        await grain.Retire();
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => next);
        while (!silo.Stage.Story.Contains("ended")) await Task.Yield();
    }

    [Fact]
    public async Task Items_of_the_page_arrive_before_the_error_that_follows_them()
    {
        await using var silo = await TestSilo.Start();
        var seen = new List<int>();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in silo.Grains.GetGrain<IListerGrain>("a").FailAfter(5)) seen.Add(item);
        });
        Assert.Equal([0, 1, 2, 3, 4], seen);
    }

    [Fact]
    public async Task When_the_silo_dies_the_caller_hears_it_at_once_and_the_next_silo_knows_nothing()
    {
        await using var fleet = await WireFleet.Start(2);
        await using var client = await WireClient.Start([fleet.GatewayOf(0)]);
        var grain = client.Client.GrainFactory.GetGrain<IListerGrain>("1:a");
        await using var waiting = grain.UntilCancelled().WithBatchSize(1).GetAsyncEnumerator();
        await using var paused = grain.Endless().WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await waiting.MoveNextAsync());
        Assert.True(await paused.MoveNextAsync());
        var next = waiting.MoveNextAsync().AsTask();
        while (!fleet.Stage.Story.Contains("waits")) await Task.Yield();
        fleet[1].Kill();
        fleet[0].Router.Place(_ => fleet[0].Address);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => next);
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => paused.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task A_client_that_dies_leaves_nothing_behind()
    {
        await using var fleet = await WireFleet.Start(1);
        var client = await WireClient.Start([fleet.GatewayOf(0)]);
        var items = client.Client.GrainFactory.GetGrain<IListerGrain>("0:a")
            .UntilCancelled().WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync().AsTask();
        while (!fleet.Stage.Story.Contains("waits")) await Task.Yield();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => next);
        await fleet[0].Host.Stop(CancellationToken.None);
        Assert.Contains("ended", fleet.Stage.Story);
    }

    [Fact]
    public void A_batch_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AsyncEnumerable.Empty<int>().WithBatchSize(0));
}
