using Aedile.Engine.Hosting;
using Aedile.Tests.Support.Engines;
using Orleans.Configuration;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Goal: a grain's reminders tick in their phase for as long as they are stored, whatever fails.</summary>
public sealed class ReminderTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ReminderStage _stage = new();

    private IEnumerable<string> Ticks => _stage.Book.Ticks;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Ticks_come_when_due_and_then_once_a_period()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("wake", 10 * Second, 2 * Minute);
        await _stage.Advance(silo, 5 * Minute);
        Assert.Equal(["a wake 00:00:10", "a wake 00:02:10", "a wake 00:04:10"], Ticks);
    }

    [Fact]
    public async Task Ticks_that_no_silo_was_there_for_are_skipped_and_the_phase_stays()
    {
        var first = await _stage.Start();
        await Grain(first).Remind("wake", 10 * Second, 2 * Minute);
        await _stage.Advance(first, Minute);
        await first.Stop(default);
        _stage.Clock.Advance(6 * Minute);
        var second = await _stage.Start();
        await _stage.Advance(second, 2 * Minute);
        Assert.Equal(["a wake 00:00:10", "a wake 00:08:10"], Ticks);
    }

    [Fact]
    public async Task A_grain_that_is_slower_than_its_period_gets_no_second_tick_meanwhile()
    {
        var silo = await _stage.Start(builder => builder.Configure<SiloMessagingOptions>(
            options => options.ResponseTimeout = TimeSpan.FromHours(1)));
        await Grain(silo).Remind("slow", Second, Minute);
        _stage.Clock.Advance(Second);
        await _stage.Stage.Reached("slow");
        _stage.Clock.Advance(150 * Second);
        _stage.Stage.Open("slow");
        await _stage.Advance(silo, Minute);
        Assert.Equal(["a slow 00:00:01", "a slow 00:03:01"], Ticks);
    }

    [Fact]
    public async Task A_tick_that_fails_does_not_stop_the_next()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("bad", Second, Minute);
        await _stage.Advance(silo, 90 * Second);
        Assert.Equal(["a bad 00:00:01", "a bad 00:01:01"], Ticks);
    }

    [Fact]
    public async Task A_reminder_wakes_a_grain_that_was_collected()
    {
        var silo = await _stage.Start(builder => builder.Configure<GrainCollectionOptions>(
            options => options.CollectionAge = 5 * Minute));
        await Grain(silo).Remind("wake", 30 * Minute, 30 * Minute);
        await _stage.Advance(silo, 20 * Minute);
        await ReminderStage.Until(() => silo.Activations == 0);
        await _stage.Advance(silo, 10 * Minute);
        Assert.Equal(["a wake 00:30:00"], Ticks);
        Assert.Equal(2, await Grain(silo).Instance());
    }

    [Fact]
    public async Task One_registered_anew_has_only_its_new_time()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("wake", 10 * Second, Minute);
        await Grain(silo).Remind("wake", 30 * Second, 2 * Minute);
        await _stage.Advance(silo, 3 * Minute);
        Assert.Equal(["a wake 00:00:30", "a wake 00:02:30"], Ticks);
    }

    [Fact]
    public async Task One_that_is_unregistered_ticks_no_more_and_the_others_go_on()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("one", Second, Minute);
        await Grain(silo).Remind("two", 2 * Second, Minute);
        await _stage.Advance(silo, 10 * Second);
        await Grain(silo).Forget("one");
        await Grain(silo).ForgetRegistered("one"); // Twice is as good as once.
        Assert.Equal(["two"], await Grain(silo).Names());
        await _stage.Advance(silo, Minute);
        Assert.Equal(["a one 00:00:01", "a two 00:00:02", "a two 00:01:02"], Ticks);
    }

    [Fact]
    public async Task One_that_was_registered_anew_is_not_unregistered_by_who_knows_only_the_old()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("wake", Second, Minute);
        await _stage.Store.Put((await _stage.Store.ReadAll(_ => true, default))[0]);
        await Assert.ThrowsAsync<ReminderException>(() => Grain(silo).ForgetRegistered("wake"));
        Assert.Equal(["wake"], await Grain(silo).Names());
    }

    [Fact]
    public async Task A_period_below_the_shortest_is_refused_and_nothing_is_stored()
    {
        var silo = await _stage.Start();
        await Assert.ThrowsAsync<ArgumentException>(() => Grain(silo).Remind("wake", Second, 59 * Second));
        Assert.Empty(await Grain(silo).Names());
        await using var lenient = await _stage.Start(builder => builder.Configure<ReminderOptions>(
            options => options.MinimumReminderPeriod = Second));
        await Grain(lenient).Remind("wake", Second, Second);
    }

    [Fact]
    public async Task A_grain_that_is_not_remindable_and_a_silo_without_reminders_say_so()
    {
        var silo = await _stage.Start();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => silo.Grains.GetGrain<IForgetfulGrain>("a").Remind());
        Assert.Contains("must implement IRemindable", error.Message, StringComparison.Ordinal);

        await using var without = await TestSilo.Start();
        error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => without.Grains.GetGrain<IForgetfulGrain>("a").Remind());
        Assert.Contains("UseAdoNetReminderService", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reminders_without_a_table_stop_the_start()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestSilo.Start(silo => silo.AddReminders()));
        Assert.Contains("needs a table", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crashed_silo_sends_no_more_ticks()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("wake", Second, Minute);
        silo.Crash();
        _stage.Clock.Advance(10 * Minute);
        Assert.Empty(Ticks);
    }

    private static IRemindedGrain Grain(SiloHost silo) => silo.Grains.GetGrain<IRemindedGrain>("a");
}
