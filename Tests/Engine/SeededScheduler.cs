namespace Aedile.Tests.Engine;

/// <summary>Runs tasks on the caller's thread, one at a time, in an order that only the seed decides.</summary>
internal sealed class SeededScheduler(int seed) : TaskScheduler
{
    private readonly Random _random = new(seed);
    private readonly List<Task> _ready = [];
    private bool _isRunning;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs what is ready, and what becomes ready by that, until nothing is.</summary>
    public void RunUntilIdle()
    {
        while (_ready.Count > 0)
        {
            var at = _random.Next(_ready.Count);
            var task = _ready[at];
            _ready.RemoveAt(at);
            _isRunning = true;
            TryExecuteTask(task);
            _isRunning = false;
        }
    }

    protected override void QueueTask(Task task) => _ready.Add(task);

    // Inlining would let the stack decide the order instead of the seed.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        _isRunning && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
