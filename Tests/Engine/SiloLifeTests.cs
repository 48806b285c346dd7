using Aedile.Tests.Support.Engines;
using Orleans.Configuration;

namespace Aedile.Tests.Engine;

/// <summary>Goal: what this engine promises of time limits and ends beyond what both do.</summary>
public sealed class SiloLifeTests
{
    [Fact]
    public async Task A_chain_that_comes_back_times_out_with_a_message_that_names_it()
    {
        await using var silo = await TestSilo.Start();
        var call = silo.Tally("a").Chain(["b", "a"], allowReentrancy: false);
        await silo.WaitForCalls(3);
        silo.Clock.Advance(TimeSpan.FromSeconds(30));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains(
            "outside of grains -> ITallyGrain.Chain on tally/a -> ITallyGrain.Chain on tally/b -> "
            + "ITallyGrain.Chain on tally/a. The chain comes back to tally/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_age_is_two_hours()
    {
        await using var silo = await TestSilo.Start();
        await silo.Tally("a").Add(1);
        silo.Clock.Advance(TimeSpan.FromMinutes(119));
        Assert.Equal(1, silo.Host.Activations);
        silo.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await silo.Tally("a").Instance());
    }

    [Fact]
    public async Task A_grain_whose_activation_hangs_fails_its_callers_at_the_activation_limit()
    {
        await using var silo = await TestSilo.Start(builder => builder.Configure<GrainCollectionOptions>(
            options => options.ActivationTimeout = TimeSpan.FromSeconds(10)));
        silo.Stage.HangActivation = true;
        var call = silo.Grains.GetGrain<ISlowGrain>("a").Answer();
        await silo.Stage.Reached("activating a");
        silo.Clock.Advance(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("did not activate within", error.Message, StringComparison.Ordinal);
        silo.Stage.HangActivation = false;
        Assert.Equal(42, await silo.Grains.GetGrain<ISlowGrain>("a").Answer());
    }

    [Fact]
    public async Task A_crashed_silo_fails_the_calls_in_flight_and_deactivates_nothing()
    {
        await using var silo = await TestSilo.Start();
        var call = silo.Tally("a").Hold("gate");
        await silo.Stage.Reached("gate");
        silo.Host.Crash();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        silo.Stage.Open("gate");
        await Assert.ThrowsAsync<SiloUnavailableException>(() => silo.Tally("a").Add(1));
        Assert.Equal(["gate began"], silo.Stage.Story);
    }
}

/// <summary>A grain whose activation hangs when the stage says so.</summary>
[Alias("test-slow")]
public interface ISlowGrain : IGrainWithStringKey
{
    Task<int> Answer();
}

public sealed class SlowGrain(Stage stage) : Grain, ISlowGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        stage.HangActivation ? stage.Pass($"activating {this.GetPrimaryKeyString()}") : Task.CompletedTask;

    public Task<int> Answer() => Task.FromResult(42);
}
