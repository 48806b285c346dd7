using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// Runs one staged push from its place in the order to its decision, and hands the decision to the voters.
/// </summary>
internal sealed class PushRun(RepositoryContext context)
{
    private readonly StragglerGrace _grace = new(context.Options.StragglerGrace);

    /// <summary>Steps 5 to 8 of a push. See <see cref="IRepositoryGrain.Push"/>.</summary>
    public async Task<PushReply> Run(StagedPush push, CancellationToken cancellation)
    {
        context.Pushes.Staged(push.Transaction, push.Staged);
        IDisposable turn;
        try
        {
            turn = await context.PatientOrder.Enter(
                () => IsTooEarly(push), context.Options.RepairWait, hurry: context.Settle, cancellation);
        }
        catch (OperationCanceledException)
        {
            return await GiveUp(push, [], "the caller stopped waiting for its turn");
        }

        var handedOn = false;
        try
        {
            context.Points.Reach("ordered");
            var (reply, told) = await Decide(push);
            if (told is not { } commits) return reply;
            handedOn = true;
            _ = LeaveWhenApplied(commits, turn);
            await FirstApplied(commits);
            return reply;
        }
        finally
        {
            if (!handedOn) turn.Dispose();
        }
    }

    // Whether replicas that staged the push would make up a quorum once they are back and repaired.
    private bool IsTooEarly(StagedPush push)
    {
        var row = context.Row.Durable;
        if (row.Status is not RepositoryStatus.Active || row.Regressed is not null || context.Row.IsBroken
            || context.Row.HasGivenUp(push.Transaction))
            return false;
        var quorum = ReplicaSet.Quorum(row.Replicas.Length);
        return context.Serving().Count(push.Staged.Contains) < quorum
            && row.Replicas.Count(r => push.Staged.Contains(r.Node)) >= quorum;
    }

    private async Task<(PushReply Reply, ImmutableArray<Task<bool>>? Commits)> Decide(StagedPush push)
    {
        var row = context.Row.Durable;
        if (context.Row.HasGivenUp(push.Transaction)) return (await GiveUp(push, [], "it was given up"), null);
        var availability = ReplicaSet.ForWrite(row, context.Facts());
        if (availability is not Availability.Available)
            return (await GiveUp(push, [], $"the repository is not writable: {availability}"), null);

        var updates = push.Updates;
        ImmutableArray<RefResult> rejected = [];
        ImmutableArray<NodeName> participants = [.. context.Serving().Where(push.Staged.Contains)];
        while (true)
        {
            var quorum = ReplicaSet.Quorum(row.Replicas.Length);
            if (participants.Length < quorum)
                return (await GiveUp(push, rejected, "too few of the staged replicas are still up to date"), null);

            var round = await Prepare(push, updates, participants, quorum);
            switch (round.Verdict)
            {
                case TallyVerdict.Decide decide:
                    return await Commit(push, updates, rejected, round, decide.Voters);

                case TallyVerdict.Fail fail:
                    context.Log.NotDecided(context.Row.Id, push.Transaction, fail.Reason);
                    return (await GiveUp(push, rejected, fail.Reason), null);

                case TallyVerdict.Reduce reduce:
                    await Distrust(reduce.Disagreeing);
                    rejected = [.. rejected, .. reduce.Rejected];
                    updates = [.. updates.Where(u => reduce.Rejected.All(r => r.Name != u.Name))];
                    if (push.Atomic || updates.IsEmpty) return (await Reject(push, rejected), null);
                    participants = reduce.Agreeing;
                    break;
            }
        }
    }

    private sealed record Round(TallyVerdict Verdict, CommandToken Token, ReplicaVersion Base, string Checksum);

    private async Task<Round> Prepare(
        StagedPush push, ImmutableArray<RefUpdate> updates, ImmutableArray<NodeName> participants, int quorum)
    {
        var newest = context.Row.Durable.Newest!;
        var token = context.Row.NextToken();
        var checksum = RefChecksum.Parse(newest.Checksum).After(updates).ToString();
        var tally = new VoteTally(
            participants, quorum,
            PrepareVote.Compute(push.Transaction, token, newest.Version, updates, checksum));
        var hasPack = push.HasPack && updates.Any(u => !u.IsDelete);

        using var limit = new CancellationTokenSource(context.Options.PrepareLimit, context.Clock);
        var pending = participants.ToDictionary(node => node, node => Ask(node, new PrepareWrite(
            token, push.Transaction, newest.Version, context.NoticeFor(node), updates, hasPack), limit.Token));
        Task? grace = null;
        long quorumAt = 0;
        while (true)
        {
            var closed = grace?.IsCompleted is true || limit.IsCancellationRequested;
            if (tally.Verdict(closed) is not TallyVerdict.Wait wait)
            {
                if (grace is not null) _grace.Observe(context.Clock.GetElapsedTime(quorumAt), pending.Count == 0);
                return new Round(tally.Verdict(closed), token, newest.Version, checksum);
            }

            if (wait.QuorumReached && grace is null)
            {
                quorumAt = context.Clock.GetTimestamp();
                grace = Task.Delay(_grace.Current, context.Clock, CancellationToken.None);
            }
            await Task.WhenAny(grace is null ? pending.Values : pending.Values.Append(grace));
            foreach (var (node, answer) in pending.Where(p => p.Value.IsCompleted).ToList())
            {
                tally = tally.With(node, await answer);
                pending.Remove(node);
            }
        }
    }

    // A task that never fails, so that a straggler whose answer nobody awaits any more leaves no unobserved exception.
    private async Task<PrepareReply?> Ask(NodeName node, PrepareWrite command, CancellationToken cancellation)
    {
        var started = context.Row.AskNow();
        try
        {
            var reply = await context.Nodes.Prepare(node, context.Row.Id, command, cancellation);
            await context.Heard(node, started, reply.Report);
            return reply;
        }
        catch (Exception error) when (error is StorageNodeException or OperationCanceledException)
        {
            context.Log.NodeSilent(context.Row.Id, node, error.Message);
            return null;
        }
    }

    private async Task<(PushReply, ImmutableArray<Task<bool>>?)> Commit(
        StagedPush push, ImmutableArray<RefUpdate> updates, ImmutableArray<RefResult> rejected, Round round,
        ImmutableArray<NodeName> voters)
    {
        context.Points.Reach("prepared");
        context.Pushes.Decide(push.Transaction);
        // The commit point: until this write, nothing has happened; after it, nothing can undo it.
        await context.Row.Write(row => RowChange.Decide(row, push.Transaction, updates, round.Checksum, voters));
        context.Points.Reach("decided");
        context.Pushes.End(push.Transaction);
        var version = context.Row.Durable.Newest!.Version;
        context.Log.Decided(context.Row.Id, version, string.Join(", ", voters));

        var command = new CommitWrite(round.Token, version, round.Checksum);
        ImmutableArray<Task<bool>> commits = [.. voters.Select(node => Tell(node, command))];
        var dropped = context.Row.NextToken();
        foreach (var node in push.Staged.Except(voters)) _ = context.Abort(node, push.Transaction, dropped);
        var results = Results(push, rejected, otherwise: null);
        if (voters.Length < context.Row.Durable.Replicas.Length) context.Settle();
        return (new PushReply(PushOutcome.Committed, version.Generation, results, null), commits);
    }

    private async Task<bool> Tell(NodeName node, CommitWrite command)
    {
        var started = context.Row.AskNow();
        try
        {
            var reply = await context.Nodes.Commit(node, context.Row.Id, command, CancellationToken.None);
            await context.Heard(node, started, reply.Report);
            if (reply.Outcome is CommandOutcome.Done) return true;
            context.Settle();
            return false;
        }
        catch (StorageNodeException error)
        {
            context.Log.NodeSilent(context.Row.Id, node, error.Message);
            context.Settle();
            return false;
        }
    }

    private async Task FirstApplied(ImmutableArray<Task<bool>> commits)
    {
        var wait = Task.Delay(context.Options.FirstApplyWait, context.Clock, CancellationToken.None);
        var open = commits.ToList();
        while (open.Count > 0)
        {
            var first = await Task.WhenAny(open.Append(wait));
            if (first == wait || await (Task<bool>)first) break;
            open.Remove((Task<bool>)first);
        }
        context.Points.Reach("committed");
    }

    private async Task LeaveWhenApplied(ImmutableArray<Task<bool>> commits, IDisposable turn)
    {
        using (turn)
            await Task.WhenAny(
                Task.WhenAll(commits), Task.Delay(context.Options.ApplyWait, context.Clock, CancellationToken.None));
    }

    private async Task Distrust(ImmutableArray<NodeName> nodes)
    {
        if (nodes.IsEmpty) return;
        await context.Row.Write(row => RowChange.Distrust(row, nodes));
        foreach (var node in nodes) context.Log.Distrusted(context.Row.Id, node);
        context.Settle();
    }

    private async Task<PushReply> Reject(StagedPush push, ImmutableArray<RefResult> rejected)
    {
        await Drop(push);
        return new PushReply(
            PushOutcome.Rejected, context.Row.Durable.Newest!.Version.Generation,
            push.Atomic ? WritePolicy.RefuseAll(push.Updates, rejected) : rejected, null);
    }

    private static ImmutableArray<RefResult> Results(
        StagedPush push, ImmutableArray<RefResult> rejected, string? otherwise) =>
        [
            .. push.Updates.Select(u =>
                rejected.FirstOrDefault(r => r.Name == u.Name) ?? new RefResult(u.Name, otherwise)),
        ];

    private async Task<PushReply> GiveUp(
        StagedPush push, ImmutableArray<RefResult> rejected, string reason)
    {
        await Drop(push);
        context.Settle();
        var results = Results(push, rejected, "not replicated");
        return new PushReply(PushOutcome.Failed, context.Row.Durable.Newest?.Version.Generation ?? 0, results, reason);
    }

    // The next write may not find old promises open, so the turn ends only when the live nodes have dropped theirs.
    private async Task Drop(StagedPush push)
    {
        context.Row.GiveUp(push.Transaction);
        context.Pushes.End(push.Transaction);
        var token = context.Row.NextToken();
        var aborts = push.Staged.Select(node => context.Abort(node, push.Transaction, token));
        await Task.WhenAny(
            Task.WhenAll(aborts), Task.Delay(context.Options.ApplyWait, context.Clock, CancellationToken.None));
    }
}
