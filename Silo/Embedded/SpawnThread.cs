using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aedile.Silo.Embedded;

/// <summary>
/// Starts all child processes from one thread that lives as long as this process. The kernel ties a parent-death signal
/// to the thread that forked: started from a pool thread, a healthy child would die when the pool shrinks.
/// </summary>
internal sealed class SpawnThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public SpawnThread()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "spawn" };
        thread.Start();
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program can't be started.</exception>
    public Task<Process> Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception error)
            {
                started.SetException(error); // The caller acts on it.
            }
        });
        return started.Task;
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable()) action();
    }
}
