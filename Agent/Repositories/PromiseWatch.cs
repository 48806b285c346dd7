using System.Collections.Concurrent;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Ends what is left open: asks the silo about promises whose coordinator is silent, goes on with decided ones, and
/// drops staged packs that nobody renews.
/// </summary>
internal sealed class PromiseWatch(
    StoragePorts ports, ReplicaJournal journal, ReplicaShelf shelf, ReplicaStore store, Staging staging)
{
    private readonly ConcurrentDictionary<RepositoryId, Task> _asking = new();

    /// <summary>Runs until cancelled. It never throws: the next round is the retry.</summary>
    public async Task Run(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ports.Options.AskInterval / 2, ports.Clock);
        try
        {
            do
            {
                foreach (var (id, state) in journal.State.Replicas)
                    if (state.Open is { } open && IsDue(id, open)) Start(id, open, stopping);
                await Sweep();
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { } // The role ends.
        await Task.WhenAll(_asking.Values);
    }

    private bool IsDue(RepositoryId id, OpenPromise open) =>
        // A decided promise is applied by whoever told us; only after an error, or a restart, is it ours.
        ports.Clock.GetUtcNow() - shelf[id].LastWordAt >= ports.Options.AskInterval || open.Decision is not null
            && shelf[id].LastWordAt == default;

    private void Start(RepositoryId id, OpenPromise open, CancellationToken stopping)
    {
        if (_asking.ContainsKey(id)) return;
        shelf[id].LastWordAt = ports.Clock.GetUtcNow();
        var asking = Ask(id, open, stopping);
        if (asking.IsCompleted) return;
        _asking[id] = asking;
        _ = Forget(id, asking);
    }

    private async Task Forget(RepositoryId id, Task asking)
    {
        await asking;
        _asking.TryRemove(id, out _);
    }

    private async Task Ask(RepositoryId id, OpenPromise open, CancellationToken stopping)
    {
        try
        {
            if (open.Decision is not null)
            {
                await store.Resume(id, stopping);
                return;
            }
            var resolution = await ports.Silo.Resolve(id, open.Transaction, open.Token, open.Base, stopping);
            if (resolution.Outcome is ResolutionOutcome.Committed or ResolutionOutcome.Aborted)
            {
                ports.Log.PromiseResolved(id, open.Transaction, resolution.Outcome);
                await store.Resolve(id, open.Transaction, open.Token, resolution, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { } // The role ends.
        catch (Exception e)
        {
            ports.Log.WatchFailed(e, id);
        }
    }

    private async Task Sweep()
    {
        try { await staging.Sweep(shelf); }
        catch (Exception e) { ports.Log.SweepFailed(e); } // Questions go on, and the next round sweeps again.
    }
}
