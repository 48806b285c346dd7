using System.Collections.Immutable;
using Aedile.Engine.Reminders;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Goal: ticks keep their phase, none comes twice or beside another of its reminder, missed ones are
/// skipped.</summary>
public sealed class ReminderScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly ImmutableHashSet<ReminderId> Nobody = [];

    [Theory]
    [InlineData(-90, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 60)]
    [InlineData(60, 60)]
    [InlineData(61, 120)]
    [InlineData(86_399, 86_400)]
    public void A_tick_is_the_start_or_whole_periods_after_it(int seconds, int expected) =>
        Assert.Equal(Noon.AddSeconds(expected), Of("a").TickFrom(Noon.AddSeconds(seconds)));

    [Fact]
    public void A_period_that_leads_past_the_end_of_time_has_one_tick() =>
        Assert.Equal(
            DateTimeOffset.MaxValue, (Of("a") with { Period = TimeSpan.MaxValue }).TickFrom(Noon.AddSeconds(1)));

    [Fact]
    public void A_tick_is_the_first_in_phase_that_is_not_before_the_moment() =>
        Prop.ForAll(Moments().ToArbitrary(), Periods().ToArbitrary(), (moment, period) =>
        {
            var reminder = Of("a") with { Period = period };
            var tick = reminder.TickFrom(moment);
            return tick >= moment && tick >= Noon && (tick - Noon).Ticks % period.Ticks == 0
                && (tick == Noon || tick - period < moment);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_due_is_taken_in_the_order_of_time_and_then_of_ids()
    {
        var schedule = ReminderSchedule.Empty.Put(Of("b"), Noon).Put(Of("c", seconds: -30), Noon).Put(Of("a"), Noon);
        Assert.Equal(Noon, schedule.NextDue);
        schedule = schedule.TakeDue(Noon.AddSeconds(29), out var taken);
        Assert.Equal(["a", "b"], taken.Select(reminder => reminder.Id.Name));
        Assert.Equal(Noon.AddSeconds(30), schedule.NextDue);
        schedule.TakeDue(Noon.AddSeconds(30), out taken);
        Assert.Equal(["c"], taken.Select(reminder => reminder.Id.Name));
    }

    [Fact]
    public void A_reminder_on_delivery_is_not_due_however_much_time_passes()
    {
        var out1 = ReminderSchedule.Empty.Put(Of("a"), Noon).TakeDue(Noon, out _);
        Assert.Null(out1.NextDue);
        Assert.Same(out1, out1.TakeDue(Noon.AddHours(1), out var taken));
        Assert.Empty(taken);
        Assert.Equal(Noon.AddMinutes(61), out1.Delivered(Of("a"), Noon.AddHours(1).AddSeconds(1)).NextDue);
    }

    [Fact]
    public void A_tick_does_not_come_twice_when_the_clock_is_set_back()
    {
        var taken = ReminderSchedule.Empty.Put(Of("a"), Noon).TakeDue(Noon, out _);
        Assert.Equal(Noon + Minute, taken.Delivered(Of("a"), Noon.AddHours(-1)).NextDue);
    }

    [Fact]
    public void One_that_was_registered_anew_while_it_was_on_delivery_has_its_new_time()
    {
        var anew = Of("a", seconds: 10) with { Version = 2 };
        var schedule = ReminderSchedule.Empty.Put(Of("a"), Noon).TakeDue(Noon, out _).Put(anew, Noon);
        Assert.Same(schedule, schedule.Delivered(Of("a"), Noon.AddSeconds(5)));
        Assert.Equal(Noon.AddSeconds(10), schedule.NextDue);
    }

    [Fact]
    public void One_that_was_removed_while_it_was_on_delivery_stays_away()
    {
        var schedule = ReminderSchedule.Empty.Put(Of("a"), Noon).TakeDue(Noon, out _).Remove(Of("a").Id);
        Assert.Same(schedule, schedule.Delivered(Of("a"), Noon.AddSeconds(5)));
        Assert.Equal(0, schedule.Count);
    }

    [Fact]
    public void What_is_stored_unchanged_changes_nothing_not_even_a_delivery()
    {
        var schedule = ReminderSchedule.Empty.Put(Of("a"), Noon).TakeDue(Noon, out _);
        Assert.Same(schedule, schedule.Match([Of("a")], Nobody, Noon.AddMinutes(5)));
    }

    [Fact]
    public void The_table_wins_except_for_what_changed_while_it_was_read()
    {
        var schedule = ReminderSchedule.Empty
            .Put(Of("gone"), Noon).Put(Of("new-here"), Noon).Put(Of("changed"), Noon);
        var stored = new[] { Of("new-there"), Of("removed-here"), Of("changed", seconds: 7) with { Version = 5 } };
        var spared = ImmutableHashSet.Create(Of("new-here").Id, Of("removed-here").Id);
        schedule = schedule.Match(stored, spared, Noon);
        schedule.TakeDue(Noon.AddSeconds(7), out var taken);
        Assert.Equal(["new-here", "new-there", "changed"], taken.Select(reminder => reminder.Id.Name));
    }

    [Fact]
    public void Whatever_happens_every_reminder_is_out_or_due_once_and_never_before_now() =>
        Prop.ForAll(Steps().ToArbitrary(), steps =>
        {
            var (schedule, now, outside) = (ReminderSchedule.Empty, Noon, new List<Reminder>());
            foreach (var (kind, name, seconds) in steps)
            {
                now = now.AddSeconds(seconds);
                var reminder = Of($"{name}", seconds) with { Version = seconds };
                switch (kind)
                {
                    case 0: schedule = schedule.Put(reminder, now); break;
                    case 1: schedule = schedule.Remove(reminder.Id); break;
                    case 2: schedule = Give(schedule, outside, now); break;
                    case 3: schedule = schedule.Match([reminder], Nobody, now); break;
                    default:
                        schedule = schedule.TakeDue(now, out var taken);
                        if (schedule.NextDue <= now) return false;
                        if (taken.Select(r => r.Id).Distinct().Count() != taken.Length) return false;
                        outside.AddRange(taken);
                        break;
                }
            }

            foreach (var reminder in outside.ToList()) schedule = schedule.Delivered(reminder, now);
            schedule.TakeDue(DateTimeOffset.MaxValue, out var all);
            return all.Length == schedule.Count;
        }).QuickCheckThrowOnFailure();

    private static ReminderSchedule Give(ReminderSchedule schedule, List<Reminder> outside, DateTimeOffset now)
    {
        if (outside.Count == 0) return schedule;
        var back = outside[0];
        outside.RemoveAt(0);
        return schedule.Delivered(back, now);
    }

    private static Gen<DateTimeOffset> Moments() =>
        Gen.Choose(-1_000_000, 1_000_000).Select(ms => Noon.AddMilliseconds(ms));

    private static Gen<TimeSpan> Periods() => Gen.Choose(1, 100_000).Select(ms => TimeSpan.FromMilliseconds(ms));

    private static Gen<(int Kind, int Name, int Seconds)[]> Steps() =>
        (from kind in Gen.Choose(0, 5)
         from name in Gen.Choose(1, 4)
         from seconds in Gen.Choose(0, 90)
         select (kind, name, seconds)).ArrayOf();

    private static Reminder Of(string name, int seconds = 0) =>
        new(new(GrainId.Create("alarm", "a1"), name), Noon.AddSeconds(seconds), Minute, Version: 1);
}
