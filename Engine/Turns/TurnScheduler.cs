using Aedile.Engine.Activations;

namespace Aedile.Engine.Turns;

/// <summary>
/// Runs the turns of one activation, one at a time, on whatever thread its <see cref="WorkRunner"/> lends it.
/// Awaits inside of a turn capture this scheduler, so their continuations come back here.
/// </summary>
internal sealed class TurnScheduler(Activation activation, WorkRunner runner) : TaskScheduler, IThreadPoolWorkItem
{
    // A busy activation gives its thread back after so many items, or 100 callers of 100 grains would wait for the
    // busiest of them. Counted, not timed, so that a simulated run needs no real clock.
    private const int ItemsPerRun = 32;

    private static readonly Action<object?> RunItems = static self => ((TurnScheduler)self!).Drain();

    private readonly TurnQueue _queue = new();
    private Task? _run;

    public Activation Activation => activation;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The execution context without anybody's ambient values.</summary>
    public ExecutionContext CleanContext { get; private set; } = null!;

    /// <summary>Adds work that runs even when the activation has ended.</summary>
    public void Post(Action work)
    {
        if (_queue.Add(work)) runner.Run(this);
    }

    /// <returns>False when the activation takes no more requests.</returns>
    public bool TryPost(Request request)
    {
        if (!_queue.TryAdd(request, out var mustRun)) return false;
        if (mustRun) runner.Run(this);
        return true;
    }

    /// <summary>Refuses requests from now on. Continuations of running ones still come through.</summary>
    public void Close() => _queue.Close();

    void IThreadPoolWorkItem.Execute()
    {
        if (activation.Silo.HasCrashed) return; // A crashed machine runs nothing: what is queued is lost.

        // The run is itself a task of this scheduler: that is what makes it TaskScheduler.Current for the grain.
        var run = new Task(RunItems, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
        _run = run;
        run.RunSynchronously(this);
        if (run.Exception is { } bug) activation.Silo.Report(bug, activation.GrainId);
        if (_queue.EndRun()) runner.Run(this);
    }

    protected override void QueueTask(Task task)
    {
        if (_queue.Add(task)) runner.Run(this);
    }

    // Inlining is right only inside of a turn of this activation; elsewhere it would break the one-turn rule.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && (ReferenceEquals(task, _run) || Current == this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => []; // Only debuggers ask; the queue shows it better.

    private void Drain()
    {
        CleanContext = ExecutionContext.Capture()!;
        for (var items = 0; items < ItemsPerRun && _queue.TryTake(out var item); items++)
        {
            switch (item)
            {
                case Request request: activation.Receive(request); break;
                case Task continuation: TryExecuteTask(continuation); break;
                case Action work: work(); break;
            }
        }
    }
}
