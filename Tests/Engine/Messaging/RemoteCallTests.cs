using System.Collections.Immutable;
using Orleans.Storage;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: a call of a grain in another silo is like one in this silo, and says so when it can't be.</summary>
public sealed class RemoteCallTests
{
    [Fact]
    public async Task Calls_reach_the_silo_where_the_grain_lives_and_answers_come_back()
    {
        await using var fleet = await WireFleet.Start(2);
        Assert.Equal(2, await fleet[0].Tally("1:a").Add(2));
        Assert.Equal(5, await fleet[1].Tally("1:a").Add(3));
        Assert.Equal(5, await fleet[0].Tally("1:a").Sum());
        Assert.Equal(1, await fleet[1].Tally("0:a").Add(1));
        Assert.Equal(1, fleet[1].Host.Activations);
        Assert.Equal("tour: 1,2,3", await fleet[0].Tally("1:a").Describe(new Visit("tour", [1, 2, 3])));
    }

    [Fact]
    public async Task An_error_crosses_with_its_type_message_and_stack()
    {
        await using var fleet = await WireFleet.Start(2);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => fleet[0].Tally("1:a").Throw("broken"));
        Assert.Equal("broken", error.Message);
        Assert.Contains(nameof(TallyGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_context_and_call_chains_cross_silos_and_may_come_back()
    {
        await using var fleet = await WireFleet.Start(2);
        RequestContext.Set("tenant", "blue");
        RequestContext.Set("try", 7);
        Assert.Equal("blue", await fleet[0].Tally("1:a").ReadContext("tenant"));
        RequestContext.Clear();
        Assert.Null(await fleet[0].Tally("1:a").ReadContext("tenant"));
        ImmutableArray<string> path = ["1:b", "0:c", "0:a", "1:b"];
        Assert.Equal("0:a>1:b>0:c>0:a>1:b", await fleet[0].Tally("0:a").Chain(path, allowReentrancy: true));
    }

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
    public async Task A_cancelled_call_ends_at_once_and_the_token_fires_inside_of_the_grain()
    {
        await using var fleet = await WireFleet.Start(2);
        using var caller = new CancellationTokenSource();
        var call = fleet[0].Tally("1:a").HoldUntilCancelled("gate", caller.Token);
        await fleet.Stage.Reached("gate");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        while (!fleet.Stage.Story.Contains("cancelled")) await Task.Yield();
        fleet.Stage.Open("gate");
        Assert.Equal(0, await fleet[0].Tally("1:a").Sum());
    }

    [Fact]
    public async Task A_one_way_call_arrives()
    {
        await using var fleet = await WireFleet.Start(2);
        await fleet[0].Tally("1:a").Poke("gate");
        await fleet.Stage.Reached("gate");
        fleet.Stage.Open("gate");
        Assert.Equal(0, await fleet[0].Tally("1:a").Sum());
    }

    [Fact]
    public async Task A_lost_write_ends_the_activation_it_arose_in_and_not_its_remote_caller()
    {
        await using var fleet = await WireFleet.Start(2);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => fleet[0].Tally("1:a").LoseWrite());
        Assert.True(error.HasEndedItsActivation);
        Assert.Equal(2, await fleet[0].Tally("1:a").Instance());
    }

    [Fact]
    public async Task A_large_argument_and_result_cross()
    {
        await using var fleet = await WireFleet.Start(2);
        ImmutableArray<int> steps = [.. Enumerable.Range(0, 500_000)];
        var text = await fleet[0].Tally("1:a").Describe(new Visit("long", steps));
        Assert.EndsWith(",499998,499999", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_calls_at_once_from_both_sides_have_each_its_own_answer()
    {
        await using var fleet = await WireFleet.Start(2);
        var calls = Enumerable.Range(0, 2_000).Select(async i =>
        {
            var (from, to) = (i % 2, (i / 2) % 2);
            var name = await fleet[from].Tally($"{to}:{i}").Describe(new Visit($"v{i}", [i]));
            Assert.Equal($"v{i}: {i}", name);
        });
        await Task.WhenAll(calls);
    }
}
