using Aedile.Tests.Counters;
using Aedile.Tests.Support;
using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: three silos over PostgreSQL, whatever happens to one of them: nothing that was acknowledged is lost, no value
/// is given twice, and the others go on within the limits of the design.
/// </summary>
public sealed class SiloLossTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly PostgresProcess _postgres = new();

    public async ValueTask InitializeAsync() => await _postgres.Start();

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    [Fact(Timeout = 300_000)]
    public async Task A_silo_that_is_killed_loses_nothing()
    {
        await using var fleet = await Loaded();
        for (var round = 0; round < 3; round++)
        {
            var victim = fleet.Silos[round % 3];
            await victim.Kill();
            await fleet.WhenAnswered(200, Soon);
            await fleet.Relaunch(victim).WhenReady();
            await fleet.WhenAnswered(200, Soon);
        }

        await fleet.MustHaveLostNothing();
    }

    [Fact(Timeout = 300_000)]
    public async Task A_silo_that_hangs_and_wakes_up_late_loses_nothing()
    {
        await using var fleet = await Loaded();
        var victim = fleet.Silos[1];
        await victim.Hang();
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System); // The time it hangs, not a wait for a state.
        await fleet.WhenAnswered(200, Soon);
        await victim.WakeUp();

        // It reads its own death and ends, or finds its place again.
        await fleet.WhenAnswered(500, Soon);
        await fleet.MustHaveLostNothing();
    }

    [Fact(Timeout = 300_000)]
    public async Task A_silo_that_stops_in_order_fails_no_call()
    {
        await using var fleet = await Loaded();
        Assert.Equal(0, await fleet.Silos[2].Stop());
        await fleet.WhenAnswered(500, Soon);
        await fleet.MustHaveLostNothing();
        MustHaveFailedNoCall(fleet);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_rolling_restart_fails_no_call()
    {
        await using var fleet = await Loaded();
        foreach (var silo in fleet.Silos.ToList())
        {
            Assert.Equal(0, await silo.Stop());
            await fleet.Relaunch(silo).WhenReady();
            await fleet.WhenAnswered(200, Soon);
        }

        await fleet.MustHaveLostNothing();
        MustHaveFailedNoCall(fleet);
    }

    [Fact(Timeout = 300_000)]
    [Trait("Engine", "Bundled")] // The official engine leaves grains where they are when silos join.
    public async Task Two_more_silos_take_their_share_under_load_and_fail_no_call()
    {
        await using var fleet = await Loaded();
        var more = new[] { fleet.Launch(), fleet.Launch() };
        await Task.WhenAll(more.Select(silo => silo.WhenReady()));
        await Eventually.True("the new silos answer", Soon, () => Task.FromResult(more.All(silo =>
            fleet.Ledger.Answers.Any(answer => answer.Silo == silo.Name))));
        await fleet.MustHaveLostNothing();
        MustHaveFailedNoCall(fleet);
    }

    [Fact(Timeout = 300_000)]
    public async Task The_database_may_restart_and_stay_away()
    {
        await using var fleet = await Loaded();
        await _postgres.Kill();
        await _postgres.Start();
        await fleet.WhenAnswered(200, Soon);

        await _postgres.Stop();
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System); // The outage, not a wait for a state.
        await _postgres.Start();
        await fleet.WhenAnswered(500, Soon);
        await fleet.MustHaveLostNothing();
        Assert.All(fleet.Silos, silo => Assert.False(silo.HasEnded, silo.Console));
    }

    private static void MustHaveFailedNoCall(CounterFleet fleet) =>
        Assert.DoesNotContain(fleet.Ledger.Failures, failure => !Leniency.MayFail(failure.Error));

    private async Task<CounterFleet> Loaded()
    {
        var fleet = await CounterFleet.Start(await _postgres.NewDatabase(), silos: 3);
        fleet.Load(callers: 20);
        await fleet.WhenAnswered(200, Soon);
        return fleet;
    }
}
