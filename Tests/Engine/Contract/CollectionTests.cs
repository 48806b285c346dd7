using Aedile.Tests.Support.Engines;
using Orleans.Configuration;

namespace Aedile.Tests.Engine;

/// <summary>Goal: each grain class is collected at its own age, and what must not go stays.</summary>
[Trait("Engine", "Bundled")] // The official engine ages grains by the machine's clock.
public sealed class CollectionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_class_is_collected_at_its_own_age_and_one_that_is_kept_alive_never()
    {
        await using var silo = await TestSilo.Start();
        await silo.Tally("plain").Add(1);
        await Brief(silo, "brief").Touch();
        await silo.Grains.GetGrain<ILastingGrain>("lasting").Touch();
        silo.Clock.Advance(9 * Minute);
        Assert.Empty(silo.Stage.Story);
        silo.Clock.Advance(2 * Minute);
        await silo.Stage.Told("brief deactivated: ActivationIdle");
        Assert.Equal(2, await Brief(silo, "brief").Touch());
        silo.Clock.Advance(121 * Minute);
        await silo.Stage.Told("brief deactivated: ActivationIdle", times: 2);
        await silo.Stage.Told("plain deactivated: ActivationIdle");
        silo.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(1, await silo.Grains.GetGrain<ILastingGrain>("lasting").Touch());
        Assert.Equal(3, silo.Stage.Story.Count);
    }

    [Fact]
    public async Task The_silos_options_for_a_class_win_over_its_attributes()
    {
        await using var silo = await TestSilo.Start(builder => builder.Configure<GrainCollectionOptions>(options =>
        {
            options.ClassSpecificCollectionAge[typeof(BriefGrain).FullName!] = TimeSpan.FromHours(1);
            options.ClassSpecificCollectionAge[typeof(LastingGrain).FullName!] = 2 * Minute;
        }));
        await Brief(silo, "brief").Touch();
        await silo.Grains.GetGrain<ILastingGrain>("lasting").Touch();
        silo.Clock.Advance(30 * Minute);
        await silo.Stage.Told("lasting deactivated: ActivationIdle");
        Assert.Equal(1, await Brief(silo, "brief").Touch());
        Assert.Equal(2, await silo.Grains.GetGrain<ILastingGrain>("lasting").Touch());
        Assert.Single(silo.Stage.Story);
    }

    [Fact]
    public async Task A_grain_that_delays_its_end_stays_until_then_and_may_take_the_delay_back()
    {
        await using var silo = await TestSilo.Start();
        await Brief(silo, "delayed").Delay(60 * Minute);
        await Brief(silo, "forever").Delay(Timeout.InfiniteTimeSpan);
        await Brief(silo, "undecided").Delay(60 * Minute);
        await Brief(silo, "undecided").Delay(TimeSpan.Zero);
        silo.Clock.Advance(59 * Minute);
        await silo.Stage.Told("undecided deactivated: ActivationIdle");
        Assert.Single(silo.Stage.Story);
        silo.Clock.Advance(2 * Minute);
        await silo.Stage.Told("delayed deactivated: ActivationIdle");
        silo.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(1, await Brief(silo, "forever").Touch());
        Assert.Equal(2, silo.Stage.Story.Count);
    }

    [Theory]
    [Trait("Engine", "Bundled")]
    [InlineData(long.MaxValue - 1)]
    [InlineData(long.MaxValue / 2)]
    [InlineData(long.MinValue)]
    public async Task A_delay_of_any_length_is_no_shorter_than_it_says(long ticks)
    {
        await using var silo = await TestSilo.Start();
        await Brief(silo, "a").Delay(TimeSpan.FromTicks(ticks));
        silo.Clock.Advance(TimeSpan.FromDays(30));
        if (ticks > 0) Assert.Equal(1, await Brief(silo, "a").Touch());
        else await silo.Stage.Told("a deactivated: ActivationIdle");
    }

    [Fact]
    [Trait("Engine", "Bundled")]
    public async Task A_call_may_take_as_long_as_a_time_can_say()
    {
        await using var silo = await TestSilo.Start(builder => builder.Configure<SiloMessagingOptions>(
            options => options.ResponseTimeout = TimeSpan.MaxValue));
        var call = silo.Tally("a").Hold("gate");
        await silo.Stage.Reached("gate");
        silo.Clock.Advance(TimeSpan.FromDays(100));
        Assert.False(call.IsCompleted);
        silo.Stage.Open("gate");
        await call;
    }

    private static IBriefGrain Brief(TestSilo silo, string key) => silo.Grains.GetGrain<IBriefGrain>(key);
}

/// <summary>A grain that is collected after ten minutes.</summary>
[Alias("test-brief")]
public interface IBriefGrain : IGrainWithStringKey
{
    /// <returns>Which activation of the grain it is.</returns>
    Task<int> Touch();

    Task Delay(TimeSpan end);
}

[CollectionAgeLimit(Minutes = 10)]
public sealed class BriefGrain(Stage stage) : Grain, IBriefGrain
{
    private int _instance;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _instance = stage.Enter($"brief {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Tell($"{this.GetPrimaryKeyString()} deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Touch() => Task.FromResult(_instance);

    public Task Delay(TimeSpan end)
    {
        DelayDeactivation(end);
        return Task.CompletedTask;
    }
}

/// <summary>A grain that is never collected.</summary>
[Alias("test-lasting")]
public interface ILastingGrain : IGrainWithStringKey
{
    /// <returns>Which activation of the grain it is.</returns>
    Task<int> Touch();
}

[KeepAlive]
public sealed class LastingGrain(Stage stage) : Grain, ILastingGrain
{
    private int _instance;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _instance = stage.Enter($"lasting {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Tell($"{this.GetPrimaryKeyString()} deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Touch() => Task.FromResult(_instance);
}
