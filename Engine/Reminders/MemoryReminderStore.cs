using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>Reminders in the memory of one silo.</summary>
internal sealed class MemoryReminderStore : IReminderStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ReminderId, Reminder> _rows = [];

    public Task<IReadOnlyList<Reminder>> ReadAll(Func<GrainId, bool> wanted, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Reminder>>(
                [.. _rows.Values.Where(row => wanted(row.Id.Grain))]);
        }
    }

    public Task<IReadOnlyList<Reminder>> ReadGrain(GrainId grain) => ReadAll(id => id == grain, default);

    public Task<Reminder?> Read(ReminderId id)
    {
        lock (_lock) return Task.FromResult(_rows.GetValueOrDefault(id));
    }

    public Task<Reminder> Put(Reminder reminder)
    {
        lock (_lock)
        {
            var version = _rows.TryGetValue(reminder.Id, out var known) ? known.Version + 1 : 0;
            return Task.FromResult(_rows[reminder.Id] = reminder with { Version = version });
        }
    }

    public Task<bool> TryRemove(ReminderId id, int version)
    {
        lock (_lock)
        {
            var isIt = _rows.TryGetValue(id, out var known) && known.Version == version;
            return Task.FromResult(isIt && _rows.Remove(id));
        }
    }
}
