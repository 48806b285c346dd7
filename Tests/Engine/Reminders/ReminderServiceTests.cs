using Aedile.Engine.Hosting;
using Aedile.Engine.Reminders;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Goal: a silo serves what it owns, knows the table as it is, and outlives the table's absence.</summary>
public sealed class ReminderServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ReminderStage _stage = new();

    private ScriptedReminderStore Store => _stage.Store;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_appears_in_the_table_is_served_after_the_refresh_period()
    {
        var silo = await _stage.Start();
        var start = _stage.Clock.GetUtcNow().AddSeconds(30);
        await Store.Put(new(new(GrainId.Create("reminded", "a"), "wake"), start, Minute, 0));
        await _stage.Advance(silo, 4 * Minute);
        Assert.Empty(_stage.Book.Ticks);
        await Refresh(silo, Minute);
        await ReminderStage.Until(() => Service(silo).Count == 1);
        await _stage.Advance(silo, Minute);
        Assert.Equal(["a wake 00:05:30"], _stage.Book.Ticks);
    }

    [Fact]
    public async Task While_the_table_is_away_what_is_known_goes_on_and_then_it_is_read_again()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("wake", Second, Minute);
        Store.Failure = new OrleansException("The table is away.");
        await Refresh(silo, 5 * Minute);
        await Assert.ThrowsAsync<OrleansException>(() => Grain(silo).Remind("other", Second, Minute));
        var known = _stage.Book.Ticks.Count;
        await _stage.Advance(silo, Minute);
        Assert.Equal(known + 1, _stage.Book.Ticks.Count);

        Store.Failure = null;
        await Store.Put(new(new(GrainId.Create("reminded", "b"), "late"), _stage.Clock.GetUtcNow(), Minute, 0));
        await Refresh(silo, 2 * Minute);
        await ReminderStage.Until(() => Service(silo).Count == 2);
        await _stage.Advance(silo, Minute);
        Assert.Contains(_stage.Book.Ticks, tick => tick.StartsWith("b late", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_read_that_was_under_way_does_not_undo_a_registration_or_its_end()
    {
        var silo = await _stage.Start();
        await Grain(silo).Remind("ends", 90 * Second, Minute);
        var ready = new TaskCompletionSource();
        Store.ReadsEnd = ready.Task;
        await Refresh(silo, Second, asks: true);

        // The read has seen the table as it was; now both change, and then it returns.
        await Grain(silo).Forget("ends");
        await Grain(silo).Remind("begins", 90 * Second, Minute);
        Store.ReadsEnd = Task.CompletedTask;
        ready.SetResult();
        await Refresh(silo, Second, asks: true);
        Assert.Equal(1, Service(silo).Count);
        await _stage.Advance(silo, 2 * Minute);
        Assert.All(_stage.Book.Ticks, tick => Assert.StartsWith("a begins", tick, StringComparison.Ordinal));
        Assert.NotEmpty(_stage.Book.Ticks);
    }

    [Fact]
    public async Task A_silo_serves_only_what_it_owns_and_takes_over_with_the_view_that_says_so()
    {
        var fleet = new ScriptedFleet();
        var silo = await _stage.Start(fleet: fleet);
        await Grain(silo).Remind("wake", Second, Minute);
        fleet.NewView(ScriptedFleet.There);
        await ReminderStage.Until(() => Service(silo).Count == 0);
        await _stage.Advance(silo, 2 * Minute);
        Assert.Empty(_stage.Book.Ticks);

        fleet.NewView(ScriptedFleet.Here);
        await ReminderStage.Until(() => Service(silo).Count == 1);
        await _stage.Advance(silo, Minute);
        Assert.Equal(["a wake 00:02:01"], _stage.Book.Ticks);
    }

    [Fact]
    public async Task A_silo_that_may_host_nothing_sends_no_tick_and_goes_on_when_it_may_again()
    {
        var fleet = new ScriptedFleet();
        var silo = await _stage.Start(fleet: fleet);
        await Grain(silo).Remind("wake", Second, Minute);
        var reads = Store.Reads;
        Store.Failure = new OrleansException("It can't reach the table either.");
        fleet.NewView(owner: null);
        await ReminderStage.Until(() => Store.Reads > reads);
        await _stage.Advance(silo, 2 * Minute);
        Assert.Empty(_stage.Book.Ticks);
        fleet.NewView(ScriptedFleet.Here);
        await _stage.Advance(silo, Minute);
        Assert.Equal(["a wake 00:02:01"], _stage.Book.Ticks);
    }

    [Fact]
    public async Task A_change_of_a_grain_that_another_silo_serves_is_told_to_that_silo()
    {
        var fleet = new ScriptedFleet();
        var silo = await _stage.Start(fleet: fleet);
        fleet.NewView(ScriptedFleet.There);
        await Grain(silo).Remind("wake", Second, Minute);
        Assert.Equal(["2: RemindersChanged { Grain = reminded/a }"], fleet.Asked);
        Assert.Equal(["wake"], await Grain(silo).Names());
        Assert.Equal(0, Service(silo).Count);
    }

    [Fact]
    public async Task A_silo_that_is_told_of_a_change_reads_the_table_at_once()
    {
        var fleet = new ScriptedFleet();
        var silo = await _stage.Start(fleet: fleet);
        var start = _stage.Clock.GetUtcNow().AddSeconds(30);
        await Store.Put(new(new(GrainId.Create("reminded", "a"), "wake"), start, Minute, 0));
        Assert.Equal(new RemindersNoted(0), await fleet.Receive(new RemindersChanged("reminded/a")));
        await ReminderStage.Until(() => Service(silo).Count == 1);
        await _stage.Advance(silo, 30 * Second);
        Assert.Equal(["a wake 00:00:30"], _stage.Book.Ticks);
    }

    private static ReminderService Service(SiloHost silo) => silo.Services.GetRequiredService<ReminderService>();

    private static IRemindedGrain Grain(SiloHost silo) => silo.Grains.GetGrain<IRemindedGrain>("a");

    // Returns when the next read of the table has begun.
    private async Task Refresh(SiloHost silo, TimeSpan by, bool asks = false)
    {
        var reads = Store.Reads;
        if (asks) Service(silo).ReadSoon();
        await _stage.Advance(silo, by);
        await ReminderStage.Until(() => Store.Reads > reads);
    }
}
