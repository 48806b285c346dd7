using Aedile.Engine.Reminders;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>A table in memory that several silos share, and that fails or waits when a test says so.</summary>
internal sealed class ScriptedReminderStore : IReminderStore
{
    private readonly MemoryReminderStore _rows = new();
    private int _reads;

    /// <summary>While set, everything fails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Reads of all reminders wait for it, after they have read.</summary>
    public Task ReadsEnd { get; set; } = Task.CompletedTask;

    /// <summary>How many reads of all reminders have begun.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public async Task<IReadOnlyList<Reminder>> ReadAll(Func<GrainId, bool> wanted, CancellationToken cancellation)
    {
        var read = Failure is null ? await _rows.ReadAll(wanted, cancellation) : [];
        var end = ReadsEnd;
        Interlocked.Increment(ref _reads);
        await end;
        return Failure is { } failure ? throw failure : read;
    }

    public Task<IReadOnlyList<Reminder>> ReadGrain(GrainId grain) =>
        Failure is { } failure ? throw failure : _rows.ReadGrain(grain);

    public Task<Reminder?> Read(ReminderId id) => Failure is { } failure ? throw failure : _rows.Read(id);

    public Task<Reminder> Put(Reminder reminder) => Failure is { } failure ? throw failure : _rows.Put(reminder);

    public Task<bool> TryRemove(ReminderId id, int version) =>
        Failure is { } failure ? throw failure : _rows.TryRemove(id, version);
}
