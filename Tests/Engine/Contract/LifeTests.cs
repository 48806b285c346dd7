using Aedile.Tests.Support.Engines;
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
    [Trait("Engine", "Bundled")] // The official engine ages grains by the machine's clock.
    public async Task An_idle_grain_is_collected_after_its_age_and_a_used_one_stays()
    {
        await using var silo = await TestSilo.Start(builder => builder.Configure<GrainCollectionOptions>(
            options => options.CollectionAge = TimeSpan.FromMinutes(10)));
        await silo.Tally("idle").Add(1);
        await silo.Tally("used").Add(1);
        silo.Clock.Advance(TimeSpan.FromMinutes(6));
        await silo.Tally("used").Add(1);
        silo.Clock.Advance(TimeSpan.FromMinutes(5));
        await silo.Stage.Told("idle deactivated: ActivationIdle");
        Assert.Equal(2, await silo.Tally("idle").Instance());
        Assert.Equal(1, await silo.Tally("used").Instance());
        Assert.Equal(["idle deactivated: ActivationIdle"], silo.Stage.Story);
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
}
