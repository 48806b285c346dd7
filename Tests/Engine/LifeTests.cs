using Orleans.Configuration;

namespace Aedile.Tests.Engine;

/// <summary>Goal: activations begin with a call, end when idle or asked to, and nothing is lost in between.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task A_grain_that_asks_to_end_is_a_new_one_with_the_next_call()
    {
        await using var silo = await TestSilo.Start();
        Assert.Equal(1, await silo.Tally("a").Instance());
        await silo.Tally("a").Retire();
        Assert.Equal(2, await silo.Tally("a").Instance());
        Assert.Equal(["a deactivated: ApplicationRequested"], silo.Stage.Story);
    }

    [Fact]
    public async Task An_idle_grain_is_collected_after_its_age_and_a_used_one_stays()
    {
        await using var silo = await TestSilo.Start(builder => builder.Configure<GrainCollectionOptions>(
            options => options.CollectionAge = TimeSpan.FromMinutes(10)));
        await silo.Tally("idle").Add(1);
        await silo.Tally("used").Add(1);
        silo.Clock.Advance(TimeSpan.FromMinutes(6));
        await silo.Tally("used").Add(1);
        silo.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, await silo.Tally("idle").Instance());
        Assert.Equal(1, await silo.Tally("used").Instance());
        Assert.Equal(["idle deactivated: ActivationIdle"], silo.Stage.Story);
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
    public async Task A_queued_call_of_a_retiring_grain_is_served_by_the_next_activation()
    {
        await using var silo = await TestSilo.Start();
        var hold = silo.Tally("a").Hold("gate");
        await silo.Stage.Reached("gate");
        var retire = silo.Tally("a").Retire();
        var next = silo.Tally("a").Instance();
        silo.Stage.Open("gate");
        await hold;
        await retire;
        Assert.Equal(2, await next);
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
