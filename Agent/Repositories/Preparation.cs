using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>The prepare of a write: locks, check, and a promise on disk. Step 6 of a push.</summary>
internal sealed class Preparation(
    StoragePorts ports, ReplicaJournal journal, PackShelf packs, PromiseCloser closer)
{
    /// <summary>Runs the command; the caller holds the replica's turn and has opened it.</summary>
    public async Task<PrepareReply> Run(Replica replica, PrepareWrite command, CancellationToken cancellation)
    {
        var state = journal.Get(replica.Id);
        if (Repeats(state.Open, command)) return Promise(replica, state.Open!);
        if (!TokenRule.MayChange(state, command.Token, command.Transaction))
            return Refuse(replica, CommandOutcome.Fenced, $"The highest token seen is {state.HighestToken}.");
        if (!state.Exists) return Refuse(replica, CommandOutcome.Behind, "There is no such replica.");
        if (state.Open is { } open) await End(replica, open, command);
        return await Check(replica, command, cancellation);
    }

    private static bool Repeats(OpenPromise? open, PrepareWrite command) =>
        open is not null && open.Transaction == command.Transaction && open.Token == command.Token
        && open.Base == command.Base && open.HasPack == command.HasPack
        && open.Updates.SequenceEqual(command.Updates);

    // The coordinator prepares only when no other write is undecided: whatever it doesn't name here was never decided.
    private async Task End(Replica replica, OpenPromise open, PrepareWrite command)
    {
        if (open.Decision is { } known) await closer.Apply(replica, known);
        else if (command.Newest is { } newest && newest.Version.Transaction == open.Transaction
            && newest.Base == open.Base)
            await closer.Apply(replica, new PromiseDecision(newest.Version, newest.Checksum));
        else
        {
            var isSame = open.Transaction == command.Transaction;
            await closer.Undo(replica, keepPack: isSame);
            if (isSame && open.HasPack) packs.PutBack(replica.Id, open.Transaction);
        }
    }

    private async Task<PrepareReply> Check(Replica replica, PrepareWrite command, CancellationToken cancellation)
    {
        var state = journal.Get(replica.Id);
        // First of all out of its lease: the sweep must not delete what is about to be promised.
        var taken = command.HasPack && packs.Take(replica.Id, command.Transaction);
        var isPromised = false;
        try
        {
            if (state.Version != command.Base)
                return await Hold(
                    replica, command, CommandOutcome.Behind, $"The replica holds {Words(state.Version)}.");
            if (command.HasPack && !taken)
                return await Hold(replica, command, CommandOutcome.Behind, "No pack is staged for this transaction.");
            if (!command.HasPack) await CheckTips(replica, command, cancellation);
            var reply = await Lock(replica, command, cancellation);
            isPromised = reply.Outcome is CommandOutcome.Done;
            return reply;
        }
        catch (PackRejectedException e)
        {
            return await Hold(replica, command, CommandOutcome.Failed, e.Message);
        }
        finally
        {
            // A pack that the promise doesn't need stays leased, and is dropped when the lease runs out.
            if (taken && isPromised) packs.Forget(replica.Id, command.Transaction);
            else if (taken) packs.PutBack(replica.Id, command.Transaction);
        }
    }

    private async Task CheckTips(Replica replica, PrepareWrite command, CancellationToken cancellation)
    {
        var tips = command.Updates.Where(u => !u.IsDelete).Select(u => u.New).Distinct().ToList();
        if (tips.Count > 0) await ports.Git.CheckConnectivity(replica.Path, null, tips, cancellation);
    }

    private async Task<PrepareReply> Lock(Replica replica, PrepareWrite command, CancellationToken cancellation)
    {
        var quarantine = command.HasPack ? replica.Quarantine(command.Transaction) : null;
        var session = await ports.Git.BeginRefs(replica.Path, quarantine, cancellation);
        replica.Session = session;
        var isPromised = false;
        try
        {
            // On record before the first lock, so that a later run of the agent waits for this child.
            await journal.Note(replica.Id, new JournalRecord.Intended(command.Transaction, session.Child));
            if (await session.Prepare(command.Updates, cancellation) is { } refusal)
            {
                replica.Session = null;
                await session.DisposeAsync();
                return await Mismatch(replica, command, refusal, cancellation);
            }

            ports.Points.Reach("prepare-locked");
            // The quarantine is durable since it was staged (only then it is ready to be taken), or since its first
            // promise, and no child writes to it after that.
            ports.Points.Reach("prepare-synced");
            var checksum = RefChecksum.Parse(journal.Get(replica.Id).Checksum!).After(command.Updates).ToString();
            var promise = new OpenPromise(
                command.Transaction, command.Token, command.Base, command.Updates, command.HasPack, checksum,
                session.Child);
            // Before the promise is seen: the watch would take the coordinator for silent.
            replica.LastWordAt = ports.Clock.GetUtcNow();
            await journal.Append(replica.Id, new JournalRecord.Promised(promise));
            isPromised = true;
            ports.Points.Reach("prepared");
            return Promise(replica, promise);
        }
        finally
        {
            if (!isPromised && replica.Session is not null) await closer.DropSession(replica);
        }
    }

    private async Task<PrepareReply> Mismatch(
        Replica replica, PrepareWrite command, string refusal, CancellationToken cancellation)
    {
        var refs = await ports.Git.ListRefs(replica.Path, cancellation);
        var mismatches = Refusals.Explain(command.Updates, refs, refusal);
        if (mismatches.IsEmpty) return await Hold(replica, command, CommandOutcome.Failed, refusal);
        await RememberToken(replica, command);
        return new PrepareReply(CommandOutcome.RefsMismatch, null, mismatches, Report(replica), refusal);
    }

    // Nothing is held, but the token was seen.
    private async Task<PrepareReply> Hold(Replica replica, PrepareWrite command, CommandOutcome outcome, string detail)
    {
        await RememberToken(replica, command);
        return Refuse(replica, outcome, detail);
    }

    private async Task RememberToken(Replica replica, PrepareWrite command)
    {
        if (command.Token > journal.Get(replica.Id).HighestToken)
            await journal.Append(replica.Id, new JournalRecord.TokenSeen(command.Token, command.Transaction));
    }

    private PrepareReply Promise(Replica replica, OpenPromise promise) => new(
        CommandOutcome.Done,
        PrepareVote.Compute(promise.Transaction, promise.Token, promise.Base, promise.Updates, promise.Checksum), [],
        Report(replica));

    private PrepareReply Refuse(Replica replica, CommandOutcome outcome, string detail) =>
        new(outcome, null, [], Report(replica), detail);

    private ReplicaReport Report(Replica replica) => journal.Get(replica.Id).ToReport();

    private static string Words(ReplicaVersion? version) => version is { } v ? $"version {v}" : "no version";
}
