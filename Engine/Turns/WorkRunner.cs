namespace Aedile.Engine.Turns;

/// <summary>Runs work somewhere: on the thread pool, or on the scheduler that a host gave the silo.</summary>
internal abstract class WorkRunner
{
    public static WorkRunner On(TaskScheduler scheduler) =>
        scheduler == TaskScheduler.Default ? new OnThreadPool() : new OnScheduler(scheduler);

    /// <summary>Runs <paramref name="work"/> later, without the caller's execution context.</summary>
    public abstract void Run(IThreadPoolWorkItem work);

    private sealed class OnThreadPool : WorkRunner
    {
        // The shared queue is first in, first out. A worker's own queue is last in, first out: two grains that
        // call each other would keep it to themselves and starve everybody else.
        public override void Run(IThreadPoolWorkItem work) =>
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    private sealed class OnScheduler(TaskScheduler scheduler) : WorkRunner
    {
        public override void Run(IThreadPoolWorkItem work)
        {
            using var _ = FlowSuppression.Begin();
            Task.Factory.StartNew(
                static state => ((IThreadPoolWorkItem)state!).Execute(), work,
                CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
        }
    }
}
