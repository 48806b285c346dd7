namespace Aedile.Engine.Simulation;

/// <summary>
/// One process: the scheduler of all its code. When it is killed, whatever it had queued or still waits for never runs;
/// what it reaches outside of itself asks <see cref="IsAlive"/> first.
/// </summary>
internal sealed class SimulatedProcess : TaskScheduler
{
    private readonly SimulatedScheduler _scheduler;
    private readonly Chance _chance;
    private readonly bool _isOrdered;
    private readonly List<Task> _queue = [];

    public SimulatedProcess(
        SimulatedScheduler scheduler, string name, Chance chance, bool isOrdered, ClockError clock)
    {
        (_scheduler, Name, _chance, _isOrdered) = (scheduler, name, chance, isOrdered);
        Time = new SimulatedTime(scheduler, this, clock);
    }

    /// <summary>For traces.</summary>
    public string Name { get; }

    /// <summary>Its clock and timers.</summary>
    public SimulatedTime Time { get; }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it is stopped for now (SIGSTOP): it keeps everything and does nothing.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>
    /// A source whose continuations go back to where they were awaited. (One that runs them asynchronously hands what
    /// <c>WhenAny</c> and its like wait for to the thread pool, whatever scheduler they were called on.)
    /// </summary>
    public static TaskCompletionSource<T> Source<T>() => new();

    /// <summary>A task that never ends: what a dead process gets from everything it calls.</summary>
    public static Task<T> Never<T>() => Source<T>().Task;

    /// <summary>Ends it now, in the middle of whatever it does.</summary>
    public void Kill()
    {
        if (!IsAlive) return;
        IsAlive = false;
        _queue.Clear();
        _scheduler.Drop(this);
        _scheduler.Trace.Add(Name, "killed");
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause()
    {
        if (!IsAlive || IsPaused) return;
        IsPaused = true;
        _scheduler.Drop(this);
        _scheduler.Trace.Add(Name, "paused");
    }

    /// <summary>SIGCONT.</summary>
    public void Resume()
    {
        if (!IsAlive || !IsPaused) return;
        IsPaused = false;
        foreach (var _ in _queue) _scheduler.Enqueue(this);
        _scheduler.Trace.Add(Name, "resumed");
    }

    /// <summary>Starts work on it that doesn't wait. What it throws ends the run.</summary>
    public void Post(Action work) => _ = Run(() =>
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            _scheduler.Fail(Name, error);
        }
        return Task.CompletedTask;
    });

    /// <summary>Starts work on it. The caller's ambient values stay behind.</summary>
    public Task Run(Func<Task> work) => Run(async () => { await work(); return true; });

    /// <summary>Starts work on it, with a result. What the work throws is in the task.</summary>
    public Task<T> Run<T>(Func<Task<T>> work)
    {
        var suppressed = ExecutionContext.IsFlowSuppressed();
        var flow = suppressed ? default : ExecutionContext.SuppressFlow();
        try
        {
            return Task.Factory.StartNew(
                work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();
        }
        finally
        {
            if (!suppressed) flow.Undo();
        }
    }

    internal void RunOne()
    {
        var index = _isOrdered ? 0 : _chance.Below(_queue.Count);
        var task = _queue[index];
        _queue.RemoveAt(index);
        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        if (!IsAlive) return;
        _queue.Add(task);
        if (!IsPaused) _scheduler.Enqueue(this);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && IsAlive && Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
