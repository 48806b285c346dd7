namespace Aedile.Engine.Simulation;

/// <summary>
/// Runs every process of a run on one thread, one piece of work at a time, on virtual time. Which piece is next is
/// drawn from the seed; time moves on when nothing is left to do now (and sometimes before, as on a busy machine).
/// </summary>
internal sealed class SimulatedScheduler
{
    private readonly Chance _chance;
    private readonly List<SimulatedProcess> _runnable = [];
    private readonly PriorityQueue<SimulatedTimer, (long Due, long Order)> _timers = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;
    private volatile EscapedException? _escaped;

    public SimulatedScheduler(Chance chance, bool isTraceKept)
    {
        _chance = chance.Split();
        Trace = new Trace(() => Now, isTraceKept);
        Outside = new SimulatedProcess(this, "world", _chance, isOrdered: true, ClockError.None);
    }

    /// <summary>Virtual time since the run began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Pieces of work done.</summary>
    public int Steps { get; private set; }

    /// <summary>What happened.</summary>
    public Trace Trace { get; }

    /// <summary>Everything that is no process under test: wires, clients, faults. It never dies.</summary>
    public SimulatedProcess Outside { get; }

    /// <summary>A process under test; see <see cref="SimulatedProcess"/>.</summary>
    public SimulatedProcess Start(string name, bool isOrdered = false, ClockError? clock = null) =>
        new(this, name, _chance, isOrdered, clock ?? ClockError.None);

    /// <summary>
    /// Throws unless the caller runs inside the simulation: code that escaped to the thread pool would make a run
    /// unrepeatable.
    /// </summary>
    public void AssertInside(string seam)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new EscapedException($"{seam} was reached on another thread: work escaped to the thread pool.");
        if (TaskScheduler.Current == TaskScheduler.Default)
            throw new EscapedException($"{seam} was reached outside of a simulated process.");
    }

    /// <summary>Runs until <paramref name="isDone"/>, or for <paramref name="limit"/> of virtual time.</summary>
    /// <returns>Whether it is done.</returns>
    public bool RunUntil(Func<bool> isDone, TimeSpan limit)
    {
        var end = Now + limit;
        while (!isDone())
        {
            if (_escaped is { } escaped) throw escaped;
            // On a busy machine timers fire although work is waiting.
            var isBusy = _runnable.Count > 0 && !_chance.OneIn(50);
            if (!isBusy && _timers.TryPeek(out _, out var next))
            {
                var at = TimeSpan.FromTicks(next.Due);
                if (at <= end && (_runnable.Count == 0 || at - Now < TimeSpan.FromMilliseconds(20)))
                {
                    if (at > Now) Now = at;
                    _timers.Dequeue().Fire(next.Order);
                    continue;
                }
            }
            if (_runnable.Count > 0)
            {
                Step();
                continue;
            }
            Now = end; // Nothing happens any more until then.
            return isDone();
        }
        return true;
    }

    /// <summary>Calls back on a process at a time; for timers and wires.</summary>
    public void At(TimeSpan due, SimulatedProcess process, Action callback) =>
        new SimulatedTimer(this, process, callback, ClockError.None).Change(due - Now, Timeout.InfiniteTimeSpan);

    internal long Enqueue(SimulatedTimer timer, TimeSpan due)
    {
        _timers.Enqueue(timer, (due.Ticks, ++_order));
        return _order;
    }

    internal void Enqueue(SimulatedProcess process)
    {
        if (Environment.CurrentManagedThreadId == _thread) _runnable.Add(process);
        else _escaped = new EscapedException(
            $"Work for {process.Name} came from the thread pool. {Environment.StackTrace}");
    }

    /// <summary>Something threw that nobody catches: a process would die of it, a run does.</summary>
    internal void Fail(string who, Exception error) => _escaped ??= new EscapedException($"{who} failed: {error}");

    internal void Drop(SimulatedProcess process) => _runnable.RemoveAll(p => p == process);

    private void Step()
    {
        var index = _chance.Below(_runnable.Count);
        var process = _runnable[index];
        _runnable[index] = _runnable[^1];
        _runnable.RemoveAt(_runnable.Count - 1);
        Steps++;
        process.RunOne();
    }
}

/// <summary>Work left the simulation. The run means nothing.</summary>
internal sealed class EscapedException(string message) : Exception(message);
