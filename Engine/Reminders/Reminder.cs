using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>A reminder as it is stored.</summary>
/// <param name="Id">Whose it is, and its name.</param>
/// <param name="StartAt">When the first tick is due; whole milliseconds, as the table keeps them.</param>
/// <param name="Period">Between two ticks; whole milliseconds, more than none.</param>
/// <param name="Version">Raised with every registration; what was read is changed only while it is the same.</param>
internal sealed record Reminder(ReminderId Id, DateTimeOffset StartAt, TimeSpan Period, int Version) : IGrainReminder
{
    string IGrainReminder.ReminderName => Id.Name;

    /// <summary>
    /// Returns the first tick that is due at a moment or later: <see cref="StartAt"/> or whole periods after it.
    /// </summary>
    /// <returns>The end of time when there is none before it.</returns>
    public DateTimeOffset TickFrom(DateTimeOffset moment)
    {
        if (moment <= StartAt) return StartAt;
        var passed = (moment - StartAt).Ticks;
        var late = passed % Period.Ticks;
        if (late == 0) return moment;
        var wait = Period.Ticks - late;
        return wait > (DateTimeOffset.MaxValue - moment).Ticks ? DateTimeOffset.MaxValue : moment.AddTicks(wait);
    }
}
