using System.IO.Pipelines;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Takes a pack into a quarantine. Step 4 of a push: no lock, no promise, a lease.</summary>
internal sealed class Staging(
    StoragePorts ports, ReplicaJournal journal, PackShelf packs, ReplicaDisk disk, FirstUse firstUse)
{
    private const string DroppedText = "The pack was dropped while it arrived: aborted, or its lease ran out.";

    /// <summary>Indexes a pack and checks its tips. When it throws, nothing of the pack is left.</summary>
    /// <exception cref="PackRejectedException">Pack or tips are bad.</exception>
    /// <exception cref="StagingRefusedException">The replica can't take it: none, or staged already.</exception>
    public async Task<StageReply> Receive(
        Replica replica, TransactionId transaction, PipeReader body, CancellationToken cancellation)
    {
        await firstUse.Ensure(replica, cancellation);
        if (!journal.Get(replica.Id).Exists) throw new StagingRefusedException("There is no such replica.");
        if (journal.Get(replica.Id).Open?.Transaction == transaction)
            throw new StagingRefusedException("The transaction is prepared already.");
        var dropped = packs.Begin(replica.Id, transaction)
            ?? throw new StagingRefusedException("A pack is staged for this transaction already.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, dropped);
        var quarantine = replica.Quarantine(transaction);
        var isComplete = false;
        try
        {
            await AwaitRepair(replica, either.Token);
            var tips = await StagedBody.ReadTips(body, either.Token);
            await ports.Disk.CreateDirectory(quarantine);
            var reply = await ports.Git.ReceivePack(
                replica.Path, quarantine, body, ports.Options.PackSizeMax, either.Token);
            // The walk and the disk need each other's time only on a machine with one core.
            var walk = ports.Git.CheckConnectivity(replica.Path, quarantine, tips, either.Token);
            try { await disk.FlushTree(quarantine); }
            finally { await Task.WhenAny(walk); } // It reads what is deleted below.
            await walk;
            ports.Points.Reach("staged");
            isComplete = packs.Complete(replica.Id, transaction);
            return isComplete ? reply : throw new StagingRefusedException(DroppedText);
        }
        catch (OperationCanceledException) when (dropped.IsCancellationRequested)
        {
            throw new StagingRefusedException(DroppedText);
        }
        finally
        {
            if (!isComplete)
            {
                packs.Spoil(replica.Id, transaction);
                await Delete(replica, transaction);
            }
        }
    }

    // A joining replica is staged to while its last fetch runs. The pack rests on objects that the fetch brings, so it
    // is not read before; a large one makes its client wait, or the gateway drop us.
    private async Task AwaitRepair(Replica replica, CancellationToken cancellation)
    {
        var begun = ports.Clock.GetTimestamp();
        while (true)
        {
            var changed = replica.Changed;
            if (journal.Get(replica.Id).Version is not null) return;
            var left = ports.Options.RepairWaitMax - ports.Clock.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero) break;
            if (!await Replica.Await(changed, left, ports.Clock, cancellation)) break;
        }
        throw new StagingRefusedException("The replica has no version yet.");
    }

    /// <summary>Renews a lease; false when it is gone.</summary>
    public bool Renew(Replica replica, TransactionId transaction) => packs.Renew(replica.Id, transaction);

    /// <summary>Drops a staged pack that no prepare has taken; none is fine.</summary>
    public async Task Drop(Replica replica, TransactionId transaction)
    {
        if (packs.Drop(replica.Id, transaction)) await Delete(replica, transaction);
    }

    /// <summary>Drops all packs of a replica that is being deleted, also those that still arrive.</summary>
    public async Task DropAll(Replica replica)
    {
        foreach (var transaction in packs.Of(replica.Id)) await Drop(replica, transaction);
    }

    /// <summary>Drops what was not renewed in time.</summary>
    public async Task Sweep(ReplicaShelf shelf)
    {
        foreach (var (repository, transaction) in packs.Expired())
        {
            ports.Log.LeaseExpired(repository, transaction);
            await Drop(shelf[repository], transaction);
        }
    }

    private async Task Delete(Replica replica, TransactionId transaction)
    {
        var isDeleted = false;
        try
        {
            await ports.Disk.DeleteTree(replica.Quarantine(transaction));
            isDeleted = true;
        }
        finally
        {
            if (isDeleted) packs.Forget(replica.Id, transaction);
            else packs.Leave(replica.Id, transaction);
        }
    }
}

/// <summary>A pack can't be staged here, whatever it holds.</summary>
internal sealed class StagingRefusedException(string message) : Exception(message);
