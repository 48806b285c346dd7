using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aedile.Agent.Repositories;

/// <summary>
/// One thread that lives as long as the agent and starts children that must die with it. Linux sends the parent-death
/// signal when the thread that forked ends, not the process: a child of a pool thread would be killed when the pool
/// shrinks.
/// </summary>
internal sealed class SpawnThread : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _queue = [];

    public SpawnThread() => new Thread(Work) { IsBackground = true, Name = "git spawn" }.Start();

    /// <summary>Starts a process on the thread.</summary>
    public Task<Process> Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((start, started));
        return started.Task;
    }

    /// <summary>Ends the thread, and with it every child that it started.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Work()
    {
        foreach (var (start, started) in _queue.GetConsumingEnumerable())
        {
            try { started.SetResult(Process.Start(start)!); }
            catch (Exception e) { started.SetException(e); } // The caller hears it.
        }
    }
}
