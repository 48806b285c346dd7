using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// Brings one replica to the newest version: a first fetch while writes go on, then, joined to every new push, a last
/// one in the order of writes. So a repository under constant load converges.
/// </summary>
internal sealed class RepairRun(RepositoryContext context, NodeName node)
{
    /// <summary>What it is doing, for people.</summary>
    public RepairPhase Phase { get; private set; } = RepairPhase.Waiting;

    /// <summary>One attempt.</summary>
    /// <returns>Null when the replica is repaired, else why it is not yet.</returns>
    public async Task<string?> Run()
    {
        try
        {
            if (!await context.Ask(node)) return "the node does not answer";
            if (context.Row.Seen(node)?.Open is not null)
                return "the replica holds a promise whose outcome it is asking for";
            if (IsUpToDate()) return null;

            Phase = RepairPhase.Fetching;
            var (source, reason) = await Fetch(final: false);
            if (source is null) return reason;

            Phase = RepairPhase.Joining;
            context.Joining.Add(node);
            return await Join();
        }
        catch (StorageNodeException error)
        {
            return error.Message;
        }
        finally
        {
            context.Joining.Remove(node);
            Phase = RepairPhase.Waiting;
        }
    }

    private bool IsUpToDate() =>
        context.Facts().FirstOrDefault(f => f.State.Node == node) is { } facts
        && ReplicaSet.IsUpToDate(context.Row.Durable, facts);

    private async Task<string?> Join()
    {
        // Pushes begun before it joined would outdate it again at once. Those that need it go right after.
        using var turn = await context.PatientOrder.Enter(
            () => context.Pushes.AnyLeavesOut(node), context.Options.JoinWait, () => { }, CancellationToken.None);
        // Written before the repair, so that a report of this version can always be explained.
        await context.Row.Write(row => RowChange.AllowRepair(row, node));
        var (source, reason) = await Fetch(final: true);
        if (source is not { } from) return reason;

        await context.Row.Write(row => RowChange.Repaired(row, node));
        context.Log.Repaired(context.Row.Id, node, context.Row.Durable.Newest!.Version, from);
        return null;
    }

    // The source is chosen now, not when the repair was planned: when it dies, the next one takes over.
    private async Task<(NodeName? Source, string? Reason)> Fetch(bool final)
    {
        var reason = "no up-to-date replica is healthy";
        foreach (var source in context.Serving().Where(n => n != node))
        {
            if (context.Nodes.GetEndpoint(source) is not { } endpoint) continue;
            var newest = context.Row.Durable.Newest!;
            var command = new RepairReplica(
                context.Row.NextToken(), endpoint, newest.Version, newest.Checksum, context.Row.Durable.DefaultBranch,
                final, source);
            using var limit = new CancellationTokenSource(
                final ? context.Options.FinalFetchLimit : context.Options.FetchLimit, context.Clock);
            context.Row.Forget(node);
            var askedAt = context.Row.AskNow();
            try
            {
                var reply = await context.Nodes.Repair(node, context.Row.Id, command, limit.Token);
                await context.Heard(node, askedAt, reply.Report);
                if (reply.Outcome is CommandOutcome.Done) return (source, null);
                reason = $"{reply.Outcome}: {reply.Detail}";
            }
            catch (Exception error) when (error is StorageNodeException or OperationCanceledException)
            {
                reason = error.Message;
            }
        }
        return (null, reason);
    }
}
