using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// What a replica needs once in each run of the agent before anything else: old git children gone, their locks and
/// staged packs deleted, a decided promise redone, and after an unclean boot its content compared with its checksum.
/// A replica whose folder is gone counts as lost.
/// </summary>
internal sealed class FirstUse(StoragePorts ports, ReplicaJournal journal, ReplicaDisk disk, PromiseCloser closer)
{
    /// <summary>Opens the replica if that was not done yet; takes its turn only then.</summary>
    public async Task Ensure(Replica replica, CancellationToken cancellation)
    {
        if (replica.IsOpened) return;
        using var turn = await replica.Turn.EnterAlone(cancellation);
        await EnsureInTurn(replica);
    }

    /// <summary>The same for a caller that holds the turn.</summary>
    public async Task EnsureInTurn(Replica replica)
    {
        if (replica.IsOpened) return;
        var state = journal.Get(replica.Id);
        if (!state.Exists)
        {
            // A deletion or creation that died half-way left a folder that the journal knows nothing of.
            if (state != ReplicaState.None) await ports.Disk.DeleteTree(replica.Path);
            replica.IsOpened = true;
            return;
        }
        if (!await ports.Disk.Exists(Path.Combine(replica.Path, "HEAD")))
        {
            // Whatever took it away took refs and promised objects too. As a lost disk: its token is all that is left.
            ports.Log.ReplicaGone(replica.Id, replica.Path);
            await journal.Append(replica.Id, new JournalRecord.Deleted(state.HighestToken));
            replica.IsOpened = true;
            return;
        }
        await closer.ClearLocks(replica);
        var open = state.Open is { HasPack: true } promise ? replica.Quarantine(promise.Transaction) : null;
        await disk.DeleteQuarantines(replica.Path, path => path == open);
        if (state.Open?.Decision is { } decision) await closer.Apply(replica, decision);
        if (journal.Get(replica.Id).IsSuspect) await Verify(replica);
        replica.IsOpened = true;
    }

    /// <summary>The content's checksum as git shows it now; null when HEAD can't be read.</summary>
    public async Task<string?> Checksum(Replica replica, CancellationToken cancellation)
    {
        if (await ports.Git.ReadHead(replica.Path, cancellation) is not { } head) return null;
        var refs = await ports.Git.ListRefs(replica.Path, cancellation);
        var sum = refs.Aggregate(RefChecksum.OfEmpty(head), (sum, r) => sum.Plus(r.Name, r.Value));
        return sum.ToString();
    }

    private async Task Verify(Replica replica)
    {
        var expected = journal.Get(replica.Id).Checksum;
        var actual = expected is null ? null : await Checksum(replica, CancellationToken.None);
        if (actual == expected)
        {
            await journal.Append(replica.Id, new JournalRecord.Verified());
            return;
        }
        ports.Log.ContentLost(replica.Id, expected, actual);
        await journal.Append(replica.Id, new JournalRecord.VersionLost("content differs after an unclean boot"));
    }
}
