namespace Orleans.Hosting;

/// <summary>How a silo serves reminders.</summary>
public sealed class ReminderOptions
{
    /// <summary>Shortest period that a grain may ask for. Default 1 min: timers beat, reminders wake up.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often the table is read anew, beside each change of the view. Default 5 min: it finds only what was
    /// changed past the silos, or while one of them couldn't tell the other.
    /// </summary>
    public TimeSpan RefreshReminderListPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the silo's start may wait for the database's schema. Default 5 min.</summary>
    public TimeSpan InitializationTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
