using System.Collections.Immutable;

namespace Aedile.Engine.Simulation;

/// <summary>A row: how often it was written, and what it holds, which is immutable; null when it was cleared.</summary>
internal readonly record struct StoredRow(int Version, object? Content);

/// <summary>
/// The database of a run: rows by name, and a clock of its own. It outlives every process, runs one statement at a
/// time, and can be set back to what it was.
/// </summary>
internal sealed class SimulatedStore(SimulatedScheduler scheduler, StoreTrouble trouble)
{
    private readonly HashSet<string> _cutOff = [];
    private readonly List<(string Machine, Action Arrive)> _held = [];

    /// <summary>The rows as they are now, ordered by name. Keep it to go back to it.</summary>
    public ImmutableSortedDictionary<string, StoredRow> Rows { get; private set; } =
        ImmutableSortedDictionary.Create<string, StoredRow>(StringComparer.Ordinal);

    /// <summary>Whether nothing answers: it hangs or is being restarted.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Hears of each row that is written: its name, what it was and what it is.</summary>
    public Action<string, StoredRow, StoredRow> Written { get; set; } = static (_, _, _) => { };

    /// <summary>Its time of day.</summary>
    public DateTimeOffset Now => scheduler.Outside.Time.GetUtcNow();

    internal SimulatedScheduler Scheduler => scheduler;

    internal StoreTrouble Trouble => trouble;

    /// <summary>The row; version 0 when there never was one.</summary>
    public StoredRow this[string name] => Rows.GetValueOrDefault(name);

    /// <summary>Writes if the version is the one expected; null: whatever it is.</summary>
    public bool TrySet(string name, int? expected, object? content)
    {
        var current = this[name];
        if (expected is { } version && current.Version != version) return false;
        var row = new StoredRow(current.Version + 1, content);
        Rows = Rows.SetItem(name, row);
        Written(name, current, row);
        return true;
    }

    /// <summary>A process's way to it.</summary>
    public StoreConnection Connect(SimulatedProcess process, string machine, Chance chance) =>
        new(this, process, machine, chance);

    /// <summary>It was restored: everything since is forgotten.</summary>
    public void GoBack(ImmutableSortedDictionary<string, StoredRow> rows)
    {
        scheduler.Trace.Add("store", "went back");
        Rows = rows;
    }

    /// <summary>It stops answering; statements wait.</summary>
    public void Stop()
    {
        scheduler.Trace.Add("store", "down");
        IsDown = true;
    }

    /// <summary>It answers again.</summary>
    public void Restart()
    {
        scheduler.Trace.Add("store", "up");
        IsDown = false;
        Release(_ => true);
    }

    /// <summary>A machine doesn't reach it any more.</summary>
    public void CutOff(string machine)
    {
        scheduler.Trace.Add("store", "cut off", machine);
        _cutOff.Add(machine);
    }

    /// <summary>It is reached again.</summary>
    public void Mend(string machine)
    {
        scheduler.Trace.Add("store", "mended", machine);
        _cutOff.Remove(machine);
        Release(m => m == machine);
    }

    internal void Arrive(string machine, Action statement)
    {
        if (IsDown || _cutOff.Contains(machine)) _held.Add((machine, statement));
        else statement();
    }

    private void Release(Predicate<string> isReached)
    {
        var held = _held.Where(h => isReached(h.Machine) && !_cutOff.Contains(h.Machine)).ToArray();
        _held.RemoveAll(h => held.Contains(h));
        foreach (var (machine, arrive) in held) Arrive(machine, arrive);
    }
}
