using Aedile.Tests.Support;
using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine.Fleets;

/// <summary>Goal: several silos on one database are one to whoever calls, also while one of them leaves.</summary>
public sealed class FleetTests(PrivatePostgres postgres)
{
    private const int Keys = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    [Fact]
    public async Task A_grain_is_the_same_one_from_everywhere()
    {
        await using var fleet = await HostedFleet.Start(postgres, silos: 2);
        for (var key = 0; key < Keys; key++)
        {
            Assert.Equal(1, await Tally(fleet.Client, key).Add(1));
            Assert.Equal(2, await Tally(fleet.Silo(0), key).Add(1));
            Assert.Equal(3, await Tally(fleet.Silo(1), key).Add(1));
        }
    }

    [Fact]
    public async Task A_silo_that_stops_in_order_loses_no_call()
    {
        await using var fleet = await HostedFleet.Start(postgres, silos: 3);
        using var over = new CancellationTokenSource();
        var callers = new List<Task>();
        for (var key = 0; key < Keys; key++)
        {
            var grain = Tally(key % 2 == 0 ? fleet.Client : fleet.Silo(0), key);
            Assert.Equal(1, await grain.Add(1));
            callers.Add(Count(grain, over.Token));
        }

        await fleet.StopSilo(2);
        await over.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Equal(2, (await fleet.Client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count);
    }

    [Fact]
    public async Task No_grain_begins_anew_before_it_has_ended_in_the_silo_that_stops()
    {
        await using var fleet = await HostedFleet.Start(postgres, silos: 2);
        for (var key = 0; key < Keys; key++) Assert.Equal(1, await Tally(fleet.Client, key).Instance());
        await fleet.StopSilo(1);
        for (var key = 0; key < Keys; key++)
        {
            var instance = await Tally(fleet.Silo(0), key).Instance();
            Assert.Equal(instance - 1, fleet.Stage.Story.Count(
                line => line.StartsWith($"t{key} deactivated", StringComparison.Ordinal)));
        }
    }

    private static ITallyGrain Tally(IGrainFactory grains, int key) => grains.GetGrain<ITallyGrain>($"t{key}");

    // One call after the other, on from one. The sums tell whether one was lost, or ran twice.
    private static async Task Count(ITallyGrain grain, CancellationToken over)
    {
        for (int sum = 1, failed = 0; !over.IsCancellationRequested;)
        {
            // Without a pause, the callers would leave no time to the silos, which are of this process too.
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            try
            {
                var made = await grain.Add(1);

                // A new activation counts from one. What failed since the last answer may have run.
                Assert.True(
                    (made > sum && made <= sum + 1 + failed) || made <= 1 + failed,
                    $"{made} after {sum} and {failed} failures");
                (sum, failed) = (made, 0);
            }
            catch (Exception error) when (Leniency.MayFail(error))
            {
                failed++;
            }
        }
    }
}
