using System.Collections.Immutable;

namespace Aedile.Engine.Reminders;

/// <summary>
/// Which reminders a silo serves, and when each is due. Pure: every change returns a new schedule, or the same one when
/// nothing changes. Cost of a change: logarithmic in the number of reminders.
/// </summary>
/// <remarks>
/// A reminder that was taken is out on delivery and has no next tick until it is said to be delivered, so that a grain
/// that is slower than its period never has two ticks at once. Ticks that pass meanwhile are skipped.
/// </remarks>
internal sealed class ReminderSchedule
{
    private readonly ImmutableSortedDictionary<ReminderId, Entry> _entries;
    private readonly ImmutableSortedSet<(DateTimeOffset At, ReminderId Id)> _due;

    private ReminderSchedule(
        ImmutableSortedDictionary<ReminderId, Entry> entries, ImmutableSortedSet<(DateTimeOffset, ReminderId)> due)
    {
        _entries = entries;
        _due = due;
    }

    public static ReminderSchedule Empty { get; } = new(
        ImmutableSortedDictionary<ReminderId, Entry>.Empty, ImmutableSortedSet<(DateTimeOffset, ReminderId)>.Empty);

    public int Count => _entries.Count;

    /// <summary>How many were taken and have not come back.</summary>
    public int OnDelivery => _entries.Count - _due.Count;

    /// <summary>When the next tick is due; null when none is.</summary>
    public DateTimeOffset? NextDue => _due.IsEmpty ? null : _due.Min.At;

    /// <summary>Adds a reminder or puts it in the place of an older one. Its first tick is not before now.</summary>
    public ReminderSchedule Put(Reminder reminder, DateTimeOffset now)
    {
        var known = _entries.GetValueOrDefault(reminder.Id);
        if (known?.Reminder == reminder) return this;
        var next = reminder.TickFrom(now);
        return new ReminderSchedule(
            _entries.SetItem(reminder.Id, new Entry(reminder, next, default)),
            Without(known).Add((next, reminder.Id)));
    }

    public ReminderSchedule Remove(ReminderId id) => _entries.GetValueOrDefault(id) is { } known
        ? new ReminderSchedule(_entries.Remove(id), Without(known))
        : this;

    /// <summary>Takes over what was read from the table: what is gone there goes here, what is new comes.</summary>
    /// <param name="stored">The reminders that this silo serves.</param>
    /// <param name="spared">Those that were changed while the table was read: they stay as they are here.</param>
    /// <param name="now">The first tick of a new one is not before.</param>
    public ReminderSchedule Match(
        IReadOnlyCollection<Reminder> stored, IReadOnlySet<ReminderId> spared, DateTimeOffset now)
    {
        var kept = stored.Select(reminder => reminder.Id).ToHashSet();
        var gone = _entries.Keys.Where(id => !kept.Contains(id) && !spared.Contains(id));
        var matched = gone.Aggregate(this, static (schedule, id) => schedule.Remove(id));
        return stored.Where(reminder => !spared.Contains(reminder.Id))
            .Aggregate(matched, (schedule, reminder) => schedule.Put(reminder, now));
    }

    /// <summary>Takes every reminder that is due, each once however many of its ticks have passed.</summary>
    public ReminderSchedule TakeDue(DateTimeOffset now, out ImmutableArray<Reminder> taken)
    {
        var found = ImmutableArray.CreateBuilder<Reminder>();
        var (entries, due) = (_entries, _due);
        while (!due.IsEmpty && due.Min is var first && first.At <= now)
        {
            var reminder = entries[first.Id].Reminder;
            found.Add(reminder);
            due = due.Remove(first);
            entries = entries.SetItem(first.Id, new Entry(reminder, null, first.At));
        }

        taken = found.ToImmutable();
        return taken.IsEmpty ? this : new ReminderSchedule(entries, due);
    }

    /// <summary>A reminder that was taken has come back: its next tick is the first that has not passed.</summary>
    /// <remarks>Nothing happens when it was removed or registered anew meanwhile.</remarks>
    public ReminderSchedule Delivered(Reminder reminder, DateTimeOffset now)
    {
        if (_entries.GetValueOrDefault(reminder.Id) is not { Next: null } entry || entry.Reminder != reminder)
            return this;

        // Later than the last one also when the clock was set back, or a tick would come twice.
        var earliest = now > entry.Last ? now : entry.Last.AddTicks(1);
        var next = reminder.TickFrom(earliest);
        return new ReminderSchedule(
            _entries.SetItem(reminder.Id, entry with { Next = next }), _due.Add((next, reminder.Id)));
    }

    private ImmutableSortedSet<(DateTimeOffset, ReminderId)> Without(Entry? entry) =>
        entry is { Next: { } at } ? _due.Remove((at, entry.Reminder.Id)) : _due;

    /// <param name="Reminder">As it is stored.</param>
    /// <param name="Next">When its next tick is due; null while one is on delivery.</param>
    /// <param name="Last">The tick on delivery.</param>
    private sealed record Entry(Reminder Reminder, DateTimeOffset? Next, DateTimeOffset Last);
}
