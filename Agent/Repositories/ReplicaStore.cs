using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// The commands on replicas. Each takes its turn at the replica, judges the token, does its steps and answers with the
/// replica's report. Once a command changes something it runs to its end, whoever has stopped waiting for it.
/// </summary>
internal sealed class ReplicaStore(
    ReplicaJournal journal, ReplicaShelf shelf, StoragePorts ports, StorageSteps steps)
{
    /// <summary>What the replica says of itself. Cost: none after its first use.</summary>
    public async Task<ReplicaReport> Report(RepositoryId id, CancellationToken cancellation)
    {
        await steps.FirstUse.Ensure(shelf[id], cancellation);
        return journal.Get(id).ToReport();
    }

    /// <summary>What the journal says of one write. Cost: none after the replica's first use.</summary>
    public async Task<EntryReport> Entry(RepositoryId id, TransactionId transaction, CancellationToken cancellation)
    {
        await steps.FirstUse.Ensure(shelf[id], cancellation);
        return journal.Get(id).ToEntryReport(transaction);
    }

    /// <summary>Makes an empty replica.</summary>
    public Task<CommandReply> Create(RepositoryId id, CreateReplica command, CancellationToken cancellation) =>
        InTurn(id, async replica =>
        {
            var state = journal.Get(id);
            if (TokenRule.IsStale(state, command.Token)) return (CommandOutcome.Fenced, null);
            if (state.Exists)
                return state.Version == command.Version
                    ? (CommandOutcome.Done, null)
                    : (CommandOutcome.Failed, $"The replica exists, with version {state.Version}.");
            if (!TokenRule.MayChange(state, command.Token)) return (CommandOutcome.Fenced, null);
            await steps.Repair.MakeFolder(replica, command.DefaultBranch, cancellation);
            await journal.Append(id, new JournalRecord.Created(
                command.Token, command.Version, RefChecksum.OfEmpty(command.DefaultBranch).ToString(),
                command.DefaultBranch));
            return (CommandOutcome.Done, null);
        }, cancellation);

    /// <summary>Asks for a promise.</summary>
    public async Task<PrepareReply> Prepare(RepositoryId id, PrepareWrite command, CancellationToken cancellation)
    {
        var replica = shelf[id];
        using var turn = await replica.Turn.EnterAlone(cancellation);
        try
        {
            await steps.FirstUse.EnsureInTurn(replica);
            return await steps.Preparation.Run(replica, command, cancellation);
        }
        catch (Exception e) when (e is GitException or IOException)
        {
            ports.Log.CommandFailed(e, id, nameof(PrepareWrite));
            return new PrepareReply(CommandOutcome.Failed, null, [], journal.Get(id).ToReport(), e.Message);
        }
    }

    /// <summary>Applies a decided write.</summary>
    public Task<CommandReply> Commit(RepositoryId id, CommitWrite command, CancellationToken cancellation) =>
        InTurn(id, async replica =>
        {
            var state = journal.Get(id);
            if (TokenRule.IsStale(state, command.Token)) return (CommandOutcome.Fenced, null);
            if (state.Version == command.Version) return (CommandOutcome.Done, null);
            if (state.Closed.Any(c => c.Outcome is ClosedOutcome.Committed && c.Version == command.Version))
                return (CommandOutcome.Done, "It was applied earlier.");
            if (state.Open is not { } open || open.Transaction != command.Version.Transaction)
                return (CommandOutcome.Behind, "No promise of this transaction is open.");
            if (command.Token < open.Token) return (CommandOutcome.Fenced, null);
            if (open.Checksum != command.Checksum)
                return (CommandOutcome.Failed, $"The promise is for checksum {open.Checksum}.");
            return await Applied(replica, open.Decision ?? new PromiseDecision(command.Version, command.Checksum));
        }, cancellation);

    /// <summary>Redoes the open promise if this decision names it; otherwise changes nothing.</summary>
    public async Task Redo(RepositoryId id, DecisionNotice decision, CancellationToken cancellation)
    {
        if (journal.Get(id).Open?.Transaction != decision.Version.Transaction) return;
        await InTurn(id, replica => RedoInTurn(replica, decision), cancellation);
    }

    /// <summary>Does what the silo said of a promise, if it is still open.</summary>
    public Task<CommandReply> Resolve(
        RepositoryId id, TransactionId transaction, CommandToken token, Resolution resolution,
        CancellationToken cancellation) => InTurn(id, async replica =>
        {
            // The question may have been overtaken by a commit, an abort, or a prepare of the same transaction.
            if (journal.Get(id).Open is not { } open || open.Transaction != transaction || open.Token != token)
                return (CommandOutcome.Done, null);
            if (resolution is { Outcome: ResolutionOutcome.Committed, Decision: { } decision })
                return await RedoInTurn(replica, decision);
            if (resolution.Outcome is ResolutionOutcome.Aborted && open.Decision is null)
                await steps.Closer.Undo(replica);
            return (CommandOutcome.Done, null);
        }, cancellation);

    /// <summary>Goes on with a promise that is known to be decided.</summary>
    public Task<CommandReply> Resume(RepositoryId id, CancellationToken cancellation) =>
        InTurn(id, async replica =>
            journal.Get(id).Open?.Decision is { } decision
                ? await Applied(replica, decision)
                : (CommandOutcome.Done, null), cancellation);

    /// <summary>Drops a promise or a staged pack.</summary>
    public async Task<CommandReply> Abort(RepositoryId id, AbortWrite command, CancellationToken cancellation)
    {
        // At once, not behind a repair; and not for one who was overtaken.
        if (!TokenRule.IsStale(journal.Get(id), command.Token))
            await steps.Staging.Drop(shelf[id], command.Transaction);
        return await InTurn(id, async replica =>
        {
            var state = journal.Get(id);
            if (TokenRule.IsStale(state, command.Token)) return (CommandOutcome.Fenced, null);
            // The epoch only: an abort may overtake the prepare of another write, and takes no turn from it.
            if (state.Exists && command.Token.Epoch > state.HighestToken.Epoch)
                await journal.Append(
                    id, new JournalRecord.TokenSeen(new CommandToken(command.Token.Epoch, 0), null));
            if (state.Open?.Transaction == command.Transaction)
            {
                if (command.Token < state.Open.Token) return (CommandOutcome.Fenced, null);
                if (state.Open.Decision is not null) return (CommandOutcome.Busy, "It is decided and being applied.");
                await steps.Closer.Undo(replica);
            }
            // A prepare that was refused while we waited for the turn has put its pack back.
            await steps.Staging.Drop(replica, command.Transaction);
            return (CommandOutcome.Done, null);
        }, cancellation);
    }

    /// <summary>Makes the replica equal to a source; cancelling it stops the fetch.</summary>
    public Task<CommandReply> Repair(RepositoryId id, RepairReplica command, CancellationToken cancellation) =>
        InTurn(id, replica => steps.Repair.Run(replica, command, cancellation), cancellation);

    /// <summary>Deletes the replica, keeping its highest token.</summary>
    public Task<CommandReply> Delete(RepositoryId id, DeleteReplica command, CancellationToken cancellation) =>
        InTurn(id, async replica =>
        {
            var state = journal.Get(id);
            var isRepeat = !state.Exists && command.Token == state.HighestToken;
            if (!isRepeat && !TokenRule.MayChange(state, command.Token)) return (CommandOutcome.Fenced, null);
            if (state.Exists) await steps.Closer.DropSession(replica);
            await steps.Staging.DropAll(replica);
            using var alone = await replica.Refs.EnterAlone(CancellationToken.None);
            // The record first: a folder that the journal doesn't know is deleted later, the other way round is loss.
            if (!isRepeat) await journal.Append(id, new JournalRecord.Deleted(command.Token));
            await ports.Disk.DeleteTree(replica.Path);
            replica.SignalChanged();
            return (CommandOutcome.Done, null);
        }, cancellation);

    private async Task<(CommandOutcome Outcome, string? Detail)> RedoInTurn(Replica replica, DecisionNotice decision)
    {
        var open = journal.Get(replica.Id).Open;
        if (open is null || open.Transaction != decision.Version.Transaction || open.Base != decision.Base)
            return (CommandOutcome.Done, null);
        return await Applied(replica, open.Decision ?? new PromiseDecision(decision.Version, decision.Checksum));
    }

    private async Task<(CommandOutcome Outcome, string? Detail)> Applied(Replica replica, PromiseDecision decision) =>
        await steps.Closer.Apply(replica, decision)
            ? (CommandOutcome.Done, null)
            : (CommandOutcome.Failed, "Some refs held neither the old nor the new value; the replica needs repair.");

    private async Task<CommandReply> InTurn(
        RepositoryId id, Func<Replica, Task<(CommandOutcome Outcome, string? Detail)>> command,
        CancellationToken cancellation)
    {
        var replica = shelf[id];
        using var turn = await replica.Turn.EnterAlone(cancellation);
        try
        {
            await steps.FirstUse.EnsureInTurn(replica);
            var (outcome, detail) = await command(replica);
            return new CommandReply(outcome, journal.Get(id).ToReport(), detail);
        }
        catch (Exception e) when (e is GitException or IOException)
        {
            // The report says what stands; a decided promise is gone on with by the watch.
            ports.Log.CommandFailed(e, id, command.Method.Name);
            return new CommandReply(CommandOutcome.Failed, journal.Get(id).ToReport(), e.Message);
        }
    }
}

/// <summary>The steps that commands are made of.</summary>
internal sealed record StorageSteps(
    FirstUse FirstUse, Preparation Preparation, PromiseCloser Closer, Staging Staging, Repair Repair);
