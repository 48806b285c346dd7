using System.Collections.Immutable;
using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine;

/// <summary>
/// Goal: a call reaches the one activation of its grain, and its answer, or error, reaches the caller.
/// </summary>
public sealed class CallTests
{
    [Fact]
    public async Task Calls_of_one_key_reach_one_activation_and_of_another_key_another()
    {
        await using var silo = await TestSilo.Start();
        Assert.Equal(2, await silo.Tally("a").Add(2));
        Assert.Equal(5, await silo.Tally("a").Add(3));
        Assert.Equal(1, await silo.Tally("b").Add(1));
        Assert.Equal(5, await silo.Tally("a").Sum());
    }

    [Fact]
    public async Task Arguments_and_results_pass_through_a_method_that_awaits()
    {
        await using var silo = await TestSilo.Start();
        var visit = new Visit("tour", [1, 2, 3]);
        Assert.Equal("tour: 1,2,3", await silo.Tally("a").Describe(visit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_exception_of_the_grain_reaches_the_caller_and_leaves_the_grain_alive()
    {
        await using var silo = await TestSilo.Start();
        await silo.Tally("a").Add(4);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => silo.Tally("a").Throw("broken"));
        Assert.Equal("broken", error.Message);
        Assert.Equal(4, await silo.Tally("a").Sum());
    }

    [Fact]
    public async Task A_one_way_call_completes_before_the_grain_has_done_it()
    {
        await using var silo = await TestSilo.Start();
        await silo.Tally("a").Poke("gate");
        await silo.Stage.Reached("gate");
        silo.Stage.Open("gate");
        Assert.Equal(0, await silo.Tally("a").Sum());
        Assert.Equal(["gate began", "gate ended"], silo.Stage.Story);
    }

    [Fact]
    public async Task Request_context_flows_to_the_grain_and_not_back_and_not_into_later_calls()
    {
        await using var silo = await TestSilo.Start();
        RequestContext.Set("tenant", "blue");
        Assert.Equal("blue", await silo.Tally("a").ReadContext("tenant"));
        RequestContext.Clear();
        Assert.Null(await silo.Tally("a").ReadContext("tenant"));
    }

    [Fact]
    public async Task A_lost_write_that_escapes_ends_the_activation_and_a_queued_call_gets_the_next_one()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Tally("a");
        var hold = grain.Hold("gate");
        await silo.Stage.Reached("gate");
        var lost = grain.LoseWrite();
        var queued = grain.Instance();
        silo.Stage.Open("gate");
        await hold;
        await Assert.ThrowsAsync<Orleans.Storage.InconsistentStateException>(() => lost);
        Assert.Equal(2, await queued);
        Assert.Contains("a deactivated: ApplicationError", silo.Stage.Story);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_at_once_and_tells_the_grain_inside_of_a_turn()
    {
        await using var silo = await TestSilo.Start();
        using var caller = new CancellationTokenSource();
        var call = silo.Tally("a").HoldUntilCancelled("gate", caller.Token);
        await silo.Stage.Reached("gate");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await silo.Stage.Told("cancelled");
        silo.Stage.Open("gate");
        await silo.Tally("a").Sum();
    }

    [Fact]
    public async Task A_chain_that_comes_back_passes_when_its_sections_allow_it()
    {
        await using var silo = await TestSilo.Start();
        Assert.Equal("a>b>a", await silo.Tally("a").Chain(["b", "a"], allowReentrancy: true));
    }

    [Fact]
    public async Task A_late_call_fails_at_its_methods_own_limit_while_the_turn_goes_on()
    {
        await using var silo = await TestSilo.Start();
        var call = silo.Tally("a").HoldShortly("gate");
        await silo.Stage.Reached("gate");
        silo.Clock.Advance(TimeSpan.FromSeconds(1.999));
        Assert.False(call.IsCompleted);
        silo.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        silo.Stage.Open("gate");
        await silo.Tally("a").Sum();
        Assert.Contains("gate ended", silo.Stage.Story);
    }

    [Fact]
    public async Task A_failed_activation_fails_the_waiting_calls_and_the_next_call_tries_again()
    {
        await using var silo = await TestSilo.Start();
        silo.Stage.FailActivation = new IOException("no disk");
        await Assert.ThrowsAsync<IOException>(() => silo.Tally("a").Add(1));
        silo.Stage.FailActivation = null;
        Assert.Equal(1, await silo.Tally("a").Add(1));
    }

    [Fact]
    public async Task A_stopped_silo_has_deactivated_every_grain_and_refuses_calls()
    {
        await using var silo = await TestSilo.Start();
        foreach (var key in ImmutableArray.Create("a", "b", "c")) await silo.Tally(key).Add(1);
        await silo.Stop();
        Assert.Equal(3, silo.Stage.Story.Count(line => line.EndsWith("ShuttingDown", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => silo.Tally("a").Add(1));
    }
}
