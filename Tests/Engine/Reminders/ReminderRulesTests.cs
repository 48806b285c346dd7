using Aedile.Engine.Reminders;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Goal: what can't be kept is refused with a reason, and what is kept is as the table has it.</summary>
public sealed class ReminderRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddTicks(12_345);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly GrainId Grain = GrainId.Create("alarm", "a1");

    [Fact]
    public void Times_are_cut_to_whole_milliseconds_as_the_table_keeps_them()
    {
        var reminder = Check("r", TimeSpan.FromTicks(20_003), Minute + TimeSpan.FromTicks(9_999));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMilliseconds(3), reminder.StartAt);
        Assert.Equal(Minute, reminder.Period);
    }

    [Fact]
    public void A_period_below_the_shortest_is_refused_with_both_figures()
    {
        var error = Assert.Throws<ArgumentException>(() => Check("r", Minute, TimeSpan.FromSeconds(59)));
        Assert.Contains("00:00:59", error.Message, StringComparison.Ordinal);
        Assert.Contains("00:01:00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_and_infinite_times_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Check("r", Timeout.InfiniteTimeSpan, Minute));
        Assert.Throws<ArgumentOutOfRangeException>(() => Check("r", Minute, Timeout.InfiniteTimeSpan));
        Assert.Throws<ArgumentOutOfRangeException>(() => Check("r", TimeSpan.MaxValue, Minute));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_name_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => Check(name, Minute, Minute));

    [Fact]
    public void Names_and_ids_that_are_longer_than_the_columns_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Check(new string('r', 151), Minute, Minute));
        Assert.Equal(150, Check(new string('r', 150), Minute, Minute).Id.Name.Length);
        var grain = GrainId.Create("alarm", new string('a', 150));
        Assert.Throws<ArgumentException>(() => ReminderRules.Check(grain, "r", Minute, Minute, Minute, Now));
    }

    // Taken from the official packages, 10.4.2: both engines find each other's rows by it.
    [Theory]
    [InlineData("alarm/a1", 381808852)]
    [InlineData("repository/main", -1137836646)]
    [InlineData("x/0123456789abcdef0123456789abcdef", -1938470275)]
    public void The_hash_of_a_grain_is_that_of_the_official_engine(string grain, int expected) =>
        Assert.Equal(expected, OfficialGrainHash.Of(GrainId.Parse(grain)));

    private static Reminder Check(string name, TimeSpan due, TimeSpan period) =>
        ReminderRules.Check(Grain, name, due, period, Minute, Now);
}
