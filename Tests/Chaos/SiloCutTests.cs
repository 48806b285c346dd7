using Aedile.Tests.Counters;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: whatever the network loses between three silos and their database, nothing that was acknowledged is lost, no
/// value is given twice, and the fleet is whole again by itself when the network is.
/// </summary>
public sealed class SiloCutTests(ThreeCounterSilos silos) : IClassFixture<ThreeCounterSilos>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // A counter's own limit is 10 s; nobody may learn later than that that a call failed.
    private static readonly TimeSpan FailureMax = TimeSpan.FromSeconds(11);

    // Packets that a firewall drops for good are the worst; ./test long tries the other ways too.
    public static TheoryData<Loss> Losses => Seed.IsLong ? [Loss.Swallow, Loss.Reset, Loss.Hold] : [Loss.Swallow];

    private CounterFleet Fleet => silos.Fleet;

    private SiloNetwork Network => silos.Network;

    private CounterProcess Cut => Fleet.Silos[1];

    public async ValueTask InitializeAsync()
    {
        Fleet.Load(callers: 20);
        await Fleet.WhenAllAnswer(Soon);
    }

    public ValueTask DisposeAsync()
    {
        Network.Heal();
        return ValueTask.CompletedTask;
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Losses))]
    public async Task A_silo_cut_from_the_database_hosts_nothing_but_stays_a_gateway(Loss loss)
    {
        var began = CounterFleet.Clock.GetTimestamp();
        Network.Cut(Cut.Name, SiloNetwork.Database, loss);
        var elsewhere = await Fleet.WhenAllAnswer(Soon, butNot: Cut);

        // Its lease is 3 s, a handover takes 5 s when turns hang in the database; but each of the callers may have one
        // call there, which ends with its own limit.
        Assert.True(elsewhere < FailureMax + TimeSpan.FromSeconds(3), $"elsewhere after {elsewhere}");
        using (var client = await Fleet.NewClient(place: 1))
        {
            var grains = client.Services.GetRequiredService<IGrainFactory>();
            foreach (var key in CounterFleet.Keys.Take(10))
                Assert.NotEqual(Cut.Name, (await grains.GetGrain<ICounterGrain>(key).Read()).Silo);
            await client.StopAsync();
        }

        Assert.DoesNotContain(Fleet.Ledger.Answers, answer => answer.Silo == Cut.Name
            && CounterFleet.Clock.GetElapsedTime(began, answer.BeganAt) > TimeSpan.FromSeconds(3.5));
        Network.Heal();
        var back = await WhenItAnswers();
        Assert.True(back < TimeSpan.FromSeconds(10), $"back after {back}");
        await Judge(began, $"elsewhere after {Text(elsewhere)}, back {Text(back)} after the end");
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Losses))]
    public async Task Two_silos_that_do_not_reach_each_other_call_by_way_of_the_third(Loss loss)
    {
        var began = CounterFleet.Clock.GetTimestamp();
        Network.Cut(Cut.Name, Fleet.Silos[2].Name, loss);
        using var client = await Fleet.NewClient(place: 1);
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        foreach (var key in CounterFleet.Keys)
        {
            await Eventually.Value($"{key} answers through {Cut.Name}", TimeSpan.FromSeconds(15),
                async () => await grains.GetGrain<ICounterGrain>(key).Read());
        }

        var around = CounterFleet.Clock.GetElapsedTime(began);
        Assert.True(around < TimeSpan.FromSeconds(15), $"around after {around}");
        Network.Heal();
        await client.StopAsync();
        var all = await Fleet.WhenAllAnswer(Soon);
        await Judge(began, $"around after {Text(around)}, all answer {Text(all)} after the end");
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Losses))]
    public async Task A_silo_that_another_does_not_hear_puts_nobody_out(Loss loss)
    {
        var began = CounterFleet.Clock.GetTimestamp();
        Network.CutOneWay(Cut.Name, Fleet.Silos[2].Name, loss);
        await Task.Delay(TimeSpan.FromSeconds(6), CounterFleet.Clock); // The outage, not a wait for a state.
        Network.Heal();
        var all = await Fleet.WhenAllAnswer(Soon);
        Assert.True(all < TimeSpan.FromSeconds(8), $"all answer after {all}");
        await Judge(began, $"all answer {Text(all)} after the end");
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Losses))]
    public async Task A_silo_cut_from_all_others_is_put_out_and_its_grains_go_on_elsewhere(Loss loss)
    {
        var began = CounterFleet.Clock.GetTimestamp();
        foreach (var other in Fleet.Silos.Where(silo => silo != Cut)) Network.Cut(Cut.Name, other.Name, loss);
        Assert.Equal(75, await Cut.WhenEnded(Soon)); // It reaches the database and reads that it is dead.
        var elsewhere = await Fleet.WhenAllAnswer(Soon, butNot: Cut);
        var took = CounterFleet.Clock.GetElapsedTime(began);
        Assert.True(took < TimeSpan.FromSeconds(9), $"elsewhere after {took}, {elsewhere} after its end");
        Network.Heal();
        await Fleet.Relaunch(Cut).WhenReady(); // As its supervisor does.
        await WhenItAnswers();
        await Judge(began, $"elsewhere after {Text(took)}");
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Losses))]
    public async Task A_database_that_nobody_reaches_for_ten_seconds_puts_nobody_out(Loss loss)
    {
        var began = CounterFleet.Clock.GetTimestamp();
        foreach (var silo in Fleet.Silos) Network.Cut(silo.Name, SiloNetwork.Database, loss);
        await Task.Delay(TimeSpan.FromSeconds(10), CounterFleet.Clock); // The outage, not a wait for a state.
        Network.Heal();
        var all = await Fleet.WhenAllAnswer(Soon);
        Assert.True(all < TimeSpan.FromSeconds(15), $"all answer after {all}");
        await Judge(began, $"all answer {Text(all)} after the end");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_silo_put_out_while_it_is_cut_from_the_database_hears_so_from_the_others_and_ends()
    {
        var began = CounterFleet.Clock.GetTimestamp();
        Network.Cut(Cut.Name, SiloNetwork.Database, Loss.Swallow);
        await Cut.Hang();
        await Task.Delay(TimeSpan.FromSeconds(6), CounterFleet.Clock); // The time it hangs, not a wait for a state.
        await Cut.WakeUp();
        Assert.Equal(75, await Cut.WhenEnded(Soon));
        await Fleet.WhenAllAnswer(Soon, butNot: Cut);
        Network.Heal();
        await Fleet.Relaunch(Cut).WhenReady();
        await Judge(began, "put out");
    }

    private static string Text(TimeSpan time) => $"{time.TotalSeconds:0.0} s";

    private async Task<TimeSpan> WhenItAnswers()
    {
        var clock = CounterFleet.Clock;
        var began = clock.GetTimestamp();
        await Eventually.True($"{Cut.Name} hosts counters again", Soon, () => Task.FromResult(
            Fleet.Ledger.Answers.Any(answer => answer.Silo == Cut.Name && answer.BeganAt > began)));
        return clock.GetElapsedTime(began);
    }

    private async Task Judge(long began, string what)
    {
        await Fleet.WhenAllAnswer(Soon);
        var (silence, failure) = Fleet.Ledger.Worst(began);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{what}; {Fleet.Ledger.Failures.Count(call => call.EndedAt > began)} calls failed, the longest after "
            + $"{Text(failure)}; no answer at all for {Text(silence)}");
        Assert.True(failure < FailureMax, $"a call failed only after {failure}");
        await Fleet.MustHaveLostNothing();
        Assert.All(Fleet.Silos, silo => Assert.False(silo.HasEnded, silo.Console));
    }
}
