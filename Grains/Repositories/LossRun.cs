using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// Goes on, by an operator's decision, from the best replica that can be reached: after the database went back, or
/// when the newest content exists on no healthy node.
/// </summary>
internal sealed class LossRun(RepositoryContext context)
{
    /// <summary>See <see cref="IRepositoryGrain.AcceptLoss"/>.</summary>
    public async Task<AcceptLossReply> Run()
    {
        using var turn = await context.Order.Enter();
        if (context.Row.Durable.Status is not RepositoryStatus.Active)
            return new AcceptLossReply(false, null, "there is no such repository");
        await Task.WhenAll(context.Row.Durable.Replicas.Where(r => context.Nodes.IsHealthy(r.Node))
            .Select(r => context.Ask(r.Node)));
        if (ReplicaSet.ForRead(context.Row.Durable, context.Facts()) is Availability.Available
            && context.Row.Durable.Regressed is null)
            return new AcceptLossReply(false, context.Row.Durable.Newest?.Version, "nothing is lost");

        var best = context.Facts()
            .Where(f => f.Healthy
                && f.Seen is { Version: not null, Checksum: not null, Open: null or { Decided: false } })
            .MaxBy(f => f.Seen!.Version!.Value.Generation);
        if (best is null) return new AcceptLossReply(false, null, "no reachable replica knows its version");

        await context.Row.Write(row => Restart(row, best, context.Facts()));
        return await Jump(best.State.Node);
    }

    // Epoch and floor go above all that any reachable replica has seen, so that nothing of the lost past counts again.
    private static RepositoryState Restart(
        RepositoryState row, ReplicaFacts best, IReadOnlyCollection<ReplicaFacts> facts)
    {
        var generations = facts.Select(f => f.Seen?.Version?.Generation ?? 0).Append(row.Newest!.Version.Generation);
        var epochs = facts.Select(f => f.Seen?.HighestToken.Epoch ?? 0).Append(row.Epoch);
        return row with
        {
            Epoch = epochs.Max() + 1,
            Regressed = null,
            LossFloor = generations.Max() + 1,
            Newest = new Decision(
                best.Seen!.Version!.Value, best.Seen.Checksum!, RowChange.HashOf([]), [best.State.Node]),
            Replicas = [.. row.Replicas.Select(r => r with { Decided = null, Distrusted = false })],
        };
    }

    private async Task<AcceptLossReply> Jump(NodeName node)
    {
        var row = context.Row.Durable;
        var newest = row.Newest!;
        var bits = SHA256.HashData(Encoding.UTF8.GetBytes($"accept-loss {context.Row.Id} {row.Epoch}")).AsSpan(0, 16);
        var version = new ReplicaVersion(row.LossFloor, new TransactionId(new Guid(bits)));
        var token = context.Row.NextToken();
        try
        {
            var prepare = new PrepareWrite(token, version.Transaction, newest.Version, null, [], HasPack: false);
            var promise = await context.Nodes.Prepare(node, context.Row.Id, prepare, CancellationToken.None);
            if (promise.Outcome is not CommandOutcome.Done)
                return new AcceptLossReply(
                    false, newest.Version, $"{node}: {promise.Outcome}, {promise.Detail}; try again");

            await context.Row.Write(state => RowChange.DecideAs(
                state, version, newest.Version, RowChange.HashOf([]), newest.Checksum, [node]));
            context.Log.LossAccepted(context.Row.Id, version, node);
            await context.Nodes.Commit(
                node, context.Row.Id, new CommitWrite(token, version, newest.Checksum), CancellationToken.None);
        }
        catch (StorageNodeException error)
        {
            context.Log.NodeSilent(context.Row.Id, node, error.Message);
            return new AcceptLossReply(false, context.Row.Durable.Newest!.Version, $"{error.Message}; try again");
        }
        context.Settle();
        return new AcceptLossReply(true, version, null);
    }
}
