using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>Keeps the reminders of one service. Thread-safe; several silos use one at once.</summary>
/// <exception cref="OrleansException">Any of these: the database failed. Whether a change took effect is
/// unknown.</exception>
internal interface IReminderStore
{
    /// <summary>Reads every reminder of grains that are wanted. Cost: the whole table of the service.</summary>
    /// <remarks>Rows that make no sense are logged and left out: they are somebody else's mistake.</remarks>
    Task<IReadOnlyList<Reminder>> ReadAll(Func<GrainId, bool> wanted, CancellationToken cancellation);

    /// <summary>Reads the reminders of one grain, by name.</summary>
    Task<IReadOnlyList<Reminder>> ReadGrain(GrainId grain);

    /// <returns>Null when there is none.</returns>
    Task<Reminder?> Read(ReminderId id);

    /// <summary>Stores a reminder in place of the one of its id.</summary>
    /// <returns>It as it is stored now: with its version.</returns>
    Task<Reminder> Put(Reminder reminder);

    /// <summary>Deletes a reminder if it has this version.</summary>
    /// <returns>Whether it did.</returns>
    Task<bool> TryRemove(ReminderId id, int version);
}
