namespace Aedile.Silo.Hosting;

/// <summary>Gives the thread pool more threads as soon as all that it has are blocked.</summary>
/// <remarks>
/// Npgsql blocks a thread for each command that takes too long (docs/adr/0014). By itself the pool adds one or two
/// threads a second then, and a silo that answers nothing for two seconds is voted out.
/// </remarks>
internal sealed class ThreadReserve(TimeProvider clock, ILogger<ThreadReserve> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualResetEventSlim _stopped = new();

    /// <summary>Begins to watch, on a thread of its own: timers run in the pool.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Watch) { IsBackground = true, Name = "thread reserve" }.Start();
        return Task.CompletedTask;
    }

    /// <summary>Goes on watching: what hangs often hangs while the others stop and are disposed of.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the watch.</summary>
    public void Dispose() => _stopped.Set();

    private void Watch()
    {
        ThreadPool.GetMinThreads(out var least, out var ports);
        var reserve = new PoolReserve(least, 0, Look());
        var before = clock.GetTimestamp();
        while (!_stopped.Wait(Interval))
        {
            var took = clock.GetElapsedTime(before);
            before = clock.GetTimestamp();

            // Who did not run itself can't tell blocked threads from ones that got no processor.
            if (took > Interval * 2) continue;
            var next = reserve.After(Look(), least);
            if (next.Ready != reserve.Ready) ThreadPool.SetMinThreads(next.Ready, ports);
            if (next.Ready > reserve.Ready) log.PoolStoodStill(next.Last.Threads, next.Last.Pending, next.Ready);
            reserve = next;
        }
    }

    private static PoolLook Look() =>
        new(ThreadPool.CompletedWorkItemCount, ThreadPool.PendingWorkItemCount, ThreadPool.ThreadCount);
}
