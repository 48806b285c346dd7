using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>What a grain may ask for. Pure.</summary>
internal static class ReminderRules
{
    // The table's columns have so many characters.
    private const int LongestText = 150;

    /// <summary>Makes the reminder that a grain asks for, as the table will have it.</summary>
    /// <exception cref="ArgumentException">It can't be kept; the text says why. Nothing changed.</exception>
    public static Reminder Check(
        GrainId grain, string reminderName, TimeSpan dueTime, TimeSpan period, TimeSpan shortest, DateTimeOffset now)
    {
        CheckName(reminderName);
        if (grain.ToString().Length > LongestText)
            throw new ArgumentException($"{grain} is longer than {LongestText} characters: it can have no reminder.");
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period < shortest)
        {
            throw new ArgumentException(
                $"Reminder {reminderName} of {grain} can't have a period of {period}: the shortest is {shortest}.",
                nameof(period));
        }

        if (dueTime > DateTimeOffset.MaxValue - now)
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "The first tick is after the end of time.");
        return new Reminder(new(grain, reminderName), InMilliseconds(now + dueTime), InMilliseconds(period), 0);
    }

    /// <exception cref="ArgumentException">No reminder can have the name.</exception>
    public static void CheckName(string reminderName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        if (reminderName.Length > LongestText)
        {
            throw new ArgumentException(
                $"A reminder's name has at most {LongestText} characters, not {reminderName.Length}.",
                nameof(reminderName));
        }
    }

    private static TimeSpan InMilliseconds(TimeSpan span) =>
        span - new TimeSpan(span.Ticks % TimeSpan.TicksPerMillisecond);

    private static DateTimeOffset InMilliseconds(DateTimeOffset time) =>
        time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
