using Aedile.Tests.Engine.Fleets;
using Aedile.Tests.Support;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Goal: a grain's reminders tick for as long as they are stored, whichever silo there is.</summary>
public sealed class ReminderContractTests(PrivatePostgres postgres)
{
    private static readonly TimeSpan Period = HostedFleet.ReminderPeriod;

    [Fact]
    public async Task They_tick_until_they_are_taken_back_and_a_grain_can_list_them()
    {
        await using var fleet = await HostedFleet.Start(postgres, silos: 1);
        var grain = fleet.Client.GetGrain<IRemindedGrain>("a");
        Assert.Empty(await grain.Names());
        await grain.Remind("one", Period, Period);
        await grain.Remind("two", Period, Period);
        Assert.Equal(["one", "two"], (await grain.Names()).Order(StringComparer.Ordinal));
        await Tick(fleet, "one", times: 2);
        await Tick(fleet, "two", times: 2);

        await grain.Forget("one");
        Assert.Equal(["two"], await grain.Names());
        var ticks = Ticks(fleet, "one");
        await Tick(fleet, "two", times: 3);
        Assert.Equal(ticks, Ticks(fleet, "one"));
        await grain.ForgetRegistered("one"); // Twice is as good as once.
    }

    [Fact]
    public async Task They_outlive_the_silo_that_served_them()
    {
        await using var fleet = await HostedFleet.Start(postgres, silos: 1);
        await fleet.Client.GetGrain<IRemindedGrain>("a").Remind("wake", Period, Period);
        await Tick(fleet, "wake", times: 1);
        await fleet.StopSilo(0);
        var ticks = Ticks(fleet, "wake");
        await fleet.StartSilo();
        await Tick(fleet, "wake", times: 2);
        Assert.Equal(["wake"], await fleet.Silo(1).GetGrain<IRemindedGrain>("a").Names());
        Assert.Equal(2, await fleet.Silo(1).GetGrain<IRemindedGrain>("a").Instance());
        Assert.InRange(Ticks(fleet, "wake"), ticks + 2, int.MaxValue);
    }

    [Fact]
    public async Task A_period_below_the_shortest_and_a_grain_that_is_not_remindable_are_refused()
    {
        await using var fleet = await HostedFleet.Start(postgres, silos: 1);
        var grain = fleet.Client.GetGrain<IRemindedGrain>("a");
        await Assert.ThrowsAsync<ArgumentException>(() => grain.Remind("wake", Period, Period / 2));
        Assert.Empty(await grain.Names());
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => fleet.Client.GetGrain<IForgetfulGrain>("a").Remind());
    }

    // So often from now on.
    private static Task Tick(HostedFleet fleet, string name, int times)
    {
        var goal = Ticks(fleet, name) + times;
        return Eventually.True(
            $"{goal} ticks of {name}", TimeSpan.FromSeconds(30), () => Task.FromResult(Ticks(fleet, name) >= goal));
    }

    private static int Ticks(HostedFleet fleet, string name) =>
        fleet.Book.Ticks.Count(tick => tick.StartsWith($"a {name} ", StringComparison.Ordinal));
}
