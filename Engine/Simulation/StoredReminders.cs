using System.Collections.Immutable;
using Aedile.Engine.Reminders;
using Orleans.Runtime;

namespace Aedile.Engine.Simulation;

/// <summary>The table of reminders in the simulated database.</summary>
internal sealed class StoredReminders(StoreConnection connection) : IReminderStore
{
    private const string Row = "reminders";

    /// <summary>The table as it is now.</summary>
    public static ImmutableSortedDictionary<ReminderId, Reminder> TableOf(SimulatedStore store) =>
        (ImmutableSortedDictionary<ReminderId, Reminder>?)store[Row].Content
        ?? ImmutableSortedDictionary<ReminderId, Reminder>.Empty;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Reminder>> ReadAll(Func<GrainId, bool> wanted, CancellationToken cancellation) =>
        Select("all reminders", wanted);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Reminder>> ReadGrain(GrainId grain) =>
        Select($"reminders of {grain}", other => other == grain);

    /// <inheritdoc/>
    public Task<Reminder?> Read(ReminderId id) => Run($"read {id}", store => TableOf(store).GetValueOrDefault(id));

    /// <inheritdoc/>
    public Task<Reminder> Put(Reminder reminder) => Run($"put {reminder.Id}", store =>
    {
        var table = TableOf(store);
        var stored = reminder with { Version = (table.GetValueOrDefault(reminder.Id)?.Version ?? -1) + 1 };
        store.TrySet(Row, null, table.SetItem(stored.Id, stored));
        return stored;
    });

    /// <inheritdoc/>
    public Task<bool> TryRemove(ReminderId id, int version) => Run($"remove {id}", store =>
    {
        var table = TableOf(store);
        return table.GetValueOrDefault(id)?.Version == version && store.TrySet(Row, null, table.Remove(id));
    });

    private async Task<IReadOnlyList<Reminder>> Select(string what, Func<GrainId, bool> wanted)
    {
        // Judged where it was asked: who owns a grain is no question for the database.
        var table = await Run($"read {what}", TableOf);
        return [.. table.Values.Where(reminder => wanted(reminder.Id.Grain))];
    }

    private async Task<T> Run<T>(string what, Func<SimulatedStore, T> statement)
    {
        try
        {
            return await connection.Run(what, statement);
        }
        catch (StoreException error)
        {
            throw new OrleansException($"The database could not {what}: {error.Message}", error);
        }
    }
}
