using Aedile.Tests.Support;
using Aedile.Tests.Support.Engines;
using Orleans.Configuration;

namespace Aedile.Tests.Engine;

/// <summary>Goal: a timer's callbacks are turns like any other, at the times asked for.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task It_fires_when_due_and_then_a_period_after_each_callback_has_finished()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<ITimerGrain>("a");
        await grain.Start("tick", 2 * Second, 3 * Second, interleave: false);
        silo.Clock.Advance(2 * Second);
        await silo.Stage.Reached("tick1");

        // The callback is still running: no period has begun, however long it takes.
        silo.Clock.Advance(60 * Second);
        Assert.Equal(["tick1 began"], silo.Stage.Story);
        silo.Stage.Open("tick1");
        await grain.Count();
        silo.Clock.Advance(2.999 * Second);
        Assert.Equal(1, await grain.Count());
        silo.Stage.Open("tick2");
        silo.Clock.Advance(0.001 * Second);
        Assert.Equal(2, await grain.Count());
    }

    [Fact]
    public async Task It_waits_for_a_running_request_unless_it_may_interleave()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<ITimerGrain>("a");
        await grain.Start("waiting", Second, Timeout.InfiniteTimeSpan, interleave: false);
        await grain.Start("mixing", Second, Timeout.InfiniteTimeSpan, interleave: true);
        var held = grain.Hold("held");
        await silo.Stage.Reached("held");
        silo.Clock.Advance(Second);
        await silo.Stage.Reached("mixing1");
        Assert.DoesNotContain("waiting1 began", silo.Stage.Story);
        silo.Stage.Open("mixing1");
        silo.Stage.Open("held");
        await held;
        await silo.Stage.Reached("waiting1");
        silo.Stage.Open("waiting1");
    }

    [Fact]
    public async Task What_a_callback_throws_does_not_stop_it()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<ITimerGrain>("a");
        await grain.StartThrowing(Second);
        for (var i = 1; i <= 3; i++)
        {
            silo.Clock.Advance(Second);
            Assert.Equal(i, await grain.Count());
        }
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official engine ages grains by the machine's clock.
    public async Task It_does_not_keep_its_grain_alive_and_ends_with_it()
    {
        await using var silo = await TestSilo.Start(builder => builder.Configure<GrainCollectionOptions>(
            options => options.CollectionAge = TimeSpan.FromMinutes(10)));
        var grain = silo.Grains.GetGrain<ITimerGrain>("a");
        await grain.StartThrowing(TimeSpan.FromMinutes(4));
        silo.Clock.Advance(TimeSpan.FromMinutes(11));
        await silo.Stage.Told("a deactivated: ActivationIdle");
        Assert.Equal(0, await grain.Count());
        silo.Clock.Advance(TimeSpan.FromMinutes(8));
        Assert.Equal(0, await grain.Count());
    }

    [Fact]
    public void Manual_time_fires_timers_in_the_order_of_their_due_times()
    {
        var clock = new ManualTime();
        var fired = new List<string>();
        using var late = clock.CreateTimer(Note, "late", 3 * Second, Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(Note, "often", 2 * Second, 2 * Second);
        clock.Advance(5 * Second);
        Assert.Equal(["often 02", "late 03", "often 04"], fired);
        Assert.Equal(DateTimeOffset.UnixEpoch + (5 * Second), clock.GetUtcNow());
        Assert.Equal(1, clock.ArmedTimers);

        void Note(object? name) => fired.Add($"{name} {clock.GetUtcNow():ss}");
    }
}

/// <summary>A grain with timers.</summary>
[Alias("test-timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(string gate, TimeSpan due, TimeSpan period, bool interleave);

    Task StartThrowing(TimeSpan period);

    Task Hold(string gate);

    /// <returns>How often a timer's callback has begun.</returns>
    Task<int> Count();
}

public sealed class TimerGrain(Stage stage) : Grain, ITimerGrain
{
    private int _count;

    public Task Start(string gate, TimeSpan due, TimeSpan period, bool interleave)
    {
        var fired = 0;
        this.RegisterGrainTimer(
            () =>
            {
                _count++;
                return stage.Pass($"{gate}{++fired}");
            },
            new GrainTimerCreationOptions(due, period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartThrowing(TimeSpan period)
    {
        this.RegisterGrainTimer(() => throw new InvalidOperationException($"tick {++_count}"), period, period);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Tell($"{this.GetPrimaryKeyString()} deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task Hold(string gate) => stage.Pass(gate);

    public Task<int> Count() => Task.FromResult(_count);
}
