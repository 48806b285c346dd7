using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Ends an open promise: applies it or undoes it. The caller holds the replica's turn.</summary>
internal sealed class PromiseCloser(StoragePorts ports, ReplicaJournal journal, ReplicaDisk disk)
{
    /// <summary>
    /// Applies the open promise. Once begun it can't be undone, so nothing cancels it: after an error the promise stays
    /// open and decided, and whoever comes next goes on. Safe to repeat from any point.
    /// </summary>
    /// <returns>Whether the replica now holds the decided version; else it has none and needs repair.</returns>
    public async Task<bool> Apply(Replica replica, PromiseDecision decision)
    {
        using var alone = await replica.Refs.EnterAlone();
        var promise = journal.Get(replica.Id).Open!;
        if (promise.Decision is null)
            await journal.Append(replica.Id, new JournalRecord.Decided(decision.Version, decision.Checksum));
        ports.Points.Reach("commit-decided");
        var objectFolders = promise.HasPack
            ? await disk.MigrateObjects(replica.Quarantine(promise.Transaction), replica.Path)
            : [];
        ports.Points.Reach("commit-migrated");

        var applied = await CommitSession(replica) || await Redo(replica, promise.Updates);
        ports.Points.Reach("commit-refs");
        await disk.FlushCommit(replica.Path, promise.Updates, objectFolders);
        await journal.Append(replica.Id, applied
            ? new JournalRecord.Closed(
                promise.Transaction, ClosedOutcome.Committed, decision.Version, decision.Checksum, Now)
            : new JournalRecord.Closed(promise.Transaction, ClosedOutcome.Diverged, null, null, Now));
        ports.Points.Reach("commit-closed");
        if (!applied) ports.Log.PromiseDiverged(replica.Id, promise.Transaction);
        if (promise.HasPack) await ports.Disk.DeleteTree(replica.Quarantine(promise.Transaction));
        replica.SignalChanged();
        return applied;
    }

    /// <summary>Drops the open promise, which must not be decided: locks first, its objects, the entry last.</summary>
    /// <param name="replica">Whose turn the caller holds.</param>
    /// <param name="keepPack">Whether its objects are still wanted, for the same transaction prepared again.</param>
    public async Task Undo(Replica replica, bool keepPack = false)
    {
        var state = journal.Get(replica.Id);
        var promise = state.Open!;
        await DropSession(replica);
        if (promise.HasPack && !keepPack) await ports.Disk.DeleteTree(replica.Quarantine(promise.Transaction));
        await journal.Append(replica.Id, new JournalRecord.Closed(
            promise.Transaction, ClosedOutcome.Aborted, state.Version, state.Checksum, Now));
        ports.Log.PromiseUndone(replica.Id, promise.Transaction);
        replica.SignalChanged();
    }

    /// <summary>Lets go of the git child and of every lock it may have left.</summary>
    public async Task DropSession(Replica replica)
    {
        if (replica.Session is { } session)
        {
            replica.Session = null;
            try
            {
                await session.Abort(CancellationToken.None);
                await session.DisposeAsync();
                return;
            }
            catch (GitException e)
            {
                ports.Log.ChildLost(e, replica.Id, session.Child.Pid);
                await session.DisposeAsync();
            }
        }
        await ClearLocks(replica);
    }

    /// <summary>Deletes the locks of a child that is gone; waits until it is.</summary>
    public async Task ClearLocks(Replica replica)
    {
        if (journal.Get(replica.Id).Child is { } child) await ports.Git.WaitUntilGone(child, CancellationToken.None);
        var deleted = await disk.DeleteLocks(replica.Path);
        if (deleted > 0) ports.Log.LocksDeleted(replica.Id, deleted);
    }

    private async Task<bool> CommitSession(Replica replica)
    {
        if (replica.Session is not { } session) return false;
        replica.Session = null;
        try
        {
            await session.Commit(CancellationToken.None);
            return true;
        }
        catch (GitException e)
        {
            // Some refs may have moved, some not: the redo below looks at each.
            ports.Log.ChildLost(e, replica.Id, session.Child.Pid);
            return false;
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    // Ref by ref, because a child can die between two of them: old is set, new is skipped, anything else is divergence.
    private async Task<bool> Redo(Replica replica, ImmutableArray<RefUpdate> updates)
    {
        await ClearLocks(replica);
        var refs = (await ports.Git.ListRefs(replica.Path, CancellationToken.None)).ToDictionary(
            r => r.Name, r => r.Value);
        var left = ImmutableArray.CreateBuilder<RefUpdate>();
        foreach (var update in updates)
        {
            var value = refs.GetValueOrDefault(update.Name, RefUpdate.Zero);
            if (value == update.New) continue;
            if (value != update.Old) return false;
            left.Add(update);
        }
        if (left.Count == 0) return true;
        await using var session = await ports.Git.BeginRefs(replica.Path, null, CancellationToken.None);
        await journal.Note(replica.Id, new JournalRecord.Intended(null, session.Child));
        var refusal = await session.Prepare(left.ToImmutable(), CancellationToken.None);
        if (refusal is not null) throw new GitException($"A decided write can't be redone: {refusal}");
        await session.Commit(CancellationToken.None);
        return true;
    }

    private DateTimeOffset Now => ports.Clock.GetUtcNow();
}
