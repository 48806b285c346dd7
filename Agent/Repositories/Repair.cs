using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Makes a replica equal to a source. The caller holds the turn and has opened the replica.</summary>
internal sealed class Repair(StoragePorts ports, ReplicaJournal journal, ReplicaDisk disk, FirstUse firstUse)
{
    /// <summary>Runs the command; cancelling it leaves a replica without a version, to be repaired again.</summary>
    public async Task<(CommandOutcome Outcome, string? Detail)> Run(
        Replica replica, RepairReplica command, CancellationToken cancellation)
    {
        var state = journal.Get(replica.Id);
        var isRepeat = command.Token == state.HighestToken && state.Version == command.Target;
        if (isRepeat) return (CommandOutcome.Done, null);
        if (!TokenRule.MayChange(state, command.Token)) return (CommandOutcome.Fenced, null);
        if (state.Open is not null) return (CommandOutcome.Busy, "A promise is open.");
        // Whoever repairs has a reason to doubt what the journal says, so it is not enough here.
        if (state.Version == command.Target
            && await firstUse.Checksum(replica, cancellation) == command.Checksum)
        {
            await journal.Append(replica.Id, new JournalRecord.TokenSeen(command.Token, null));
            return (CommandOutcome.Done, null);
        }
        if (state.Exists) await Begin(replica, command);
        else await MakeEmpty(replica, command, cancellation);

        try { await Fetch(replica, command, cancellation); }
        catch (GitException e) { return (CommandOutcome.Failed, e.Message); }
        if (!command.Final) return (CommandOutcome.Done, null);
        return await Finish(replica, command, cancellation);
    }

    /// <summary>Makes the folder of an empty replica durably; the journal does not know of it yet.</summary>
    public async Task MakeFolder(Replica replica, string branch, CancellationToken cancellation)
    {
        // What a creation or deletion left that died half-way.
        await ports.Disk.DeleteTree(replica.Path);
        var parent = Path.GetDirectoryName(replica.Path)!;
        var temporary = replica.Path + ".new";
        await ports.Disk.DeleteTree(temporary);
        await ports.Disk.CreateDirectory(parent);
        await ports.Git.InitBare(temporary, branch, cancellation);
        await disk.FlushTree(temporary);
        await ports.Disk.Rename(temporary, replica.Path);
        // Up to the role's own folder: any of these levels may be new.
        for (var level = 0; level < 4; level++, parent = Path.GetDirectoryName(parent)!)
            await disk.FlushDirectory(parent);
    }

    // Durably none before the first ref moves, and no reader in the middle of a list.
    private async Task Begin(Replica replica, RepairReplica command)
    {
        using var alone = await replica.Refs.EnterAlone();
        await journal.Append(replica.Id, new JournalRecord.RepairBegun(command.Token));
    }

    private async Task MakeEmpty(Replica replica, RepairReplica command, CancellationToken cancellation)
    {
        await MakeFolder(replica, command.DefaultBranch, cancellation);
        await journal.Append(
            replica.Id, new JournalRecord.Created(command.Token, null, null, command.DefaultBranch));
    }

    private async Task Fetch(Replica replica, RepairReplica command, CancellationToken cancellation)
    {
        var address = new Uri(command.SourceEndpoint, $"/git/{replica.Id}");
        MirrorSource Source(MirrorWay way) =>
            new(address, command.Target, way, command.SourceNode, command.SourceToken);
        Task Started(GitChild child) => journal.Note(replica.Id, new JournalRecord.Intended(null, child));
        try
        {
            await ports.Git.Mirror(
                replica.Path, Source(MirrorWay.Atomic), Started, cancellation);
        }
        catch (GitException e) when (!cancellation.IsCancellationRequested)
        {
            // The version is none, so nobody sees the refs in between: what one transaction can't do, two may.
            ports.Log.MirrorRetried(e, replica.Id);
            await disk.DeleteLocks(replica.Path);
            await ports.Git.Mirror(
                replica.Path, Source(MirrorWay.DeletionsFirst), Started, cancellation);
        }
        await ports.Git.SetHead(replica.Path, command.DefaultBranch, cancellation);
        await disk.FlushRepository(replica.Path);
    }

    private async Task<(CommandOutcome Outcome, string? Detail)> Finish(
        Replica replica, RepairReplica command, CancellationToken cancellation)
    {
        var checksum = await firstUse.Checksum(replica, cancellation);
        if (checksum != command.Checksum)
            return (CommandOutcome.Failed, $"After the repair the checksum is {checksum}, not {command.Checksum}.");
        await journal.Append(
            replica.Id, new JournalRecord.Repaired(command.Target, command.Checksum, command.DefaultBranch));
        replica.SignalChanged();
        ports.Log.Repaired(replica.Id, command.Target, command.SourceEndpoint);
        return (CommandOutcome.Done, null);
    }
}
