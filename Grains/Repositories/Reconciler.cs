using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// The background work of one repository: hears its replicas, repairs the outdated, finishes a deletion. It runs on a
/// signal and on the grain's timer; the next run is the retry.
/// </summary>
internal sealed class Reconciler(RepositoryContext context, RepairSlots slots)
{
    private readonly Dictionary<NodeName, RepairRun> _runs = [];
    private readonly Dictionary<NodeName, (int Failed, long At)> _failures = [];

    /// <summary>What repair is doing with a replica.</summary>
    public RepairPhase PhaseOf(NodeName node, bool isUpToDate) =>
        _runs.TryGetValue(node, out var run) ? run.Phase : isUpToDate ? RepairPhase.None : RepairPhase.Waiting;

    /// <summary>One round. Idempotent; starts what is missing and doesn't wait for repairs.</summary>
    /// <returns>Whether nothing is left to do until something changes.</returns>
    public async Task<bool> Run()
    {
        if (context.Row.IsBroken) return true;
        if (context.Row.Durable.Status is RepositoryStatus.Deleting)
            return await Delete() || !context.Row.Durable.Replicas.Any(r => context.Nodes.IsHealthy(r.Node));

        var plan = RepairPlan.For(context.Row.Durable, context.Facts(), MayRepair);
        await Task.WhenAll(plan.Ask.Select(context.Ask));
        foreach (var node in plan.Repair) _ = Repair(node);
        return plan.IsSettled && _runs.Count == 0;
    }

    /// <summary>A node came back: what failed before may work now.</summary>
    public void ForgetFailures(NodeName node) => _failures.Remove(node);

    /// <summary>Deletes the replicas on the nodes that can be reached.</summary>
    /// <returns>Whether none is left.</returns>
    public async Task<bool> Delete()
    {
        using var turn = await context.Order.Enter();
        var command = new DeleteReplica(context.Row.NextToken());
        var gone = await Task.WhenAll(context.Row.Durable.Replicas
            .Where(r => context.Nodes.IsHealthy(r.Node)).Select(r => DeleteOn(r.Node, command)));
        await context.Row.Write(row => RowChange.DropReplicas(row, [.. gone.OfType<NodeName>()]));
        context.Log.Deleted(context.Row.Id, context.Row.Durable.Replicas.Length);
        return context.Row.Durable.Replicas.IsEmpty;
    }

    private async Task<NodeName?> DeleteOn(NodeName node, DeleteReplica command)
    {
        try
        {
            var reply = await context.Nodes.Delete(node, context.Row.Id, command, CancellationToken.None);
            return reply.Outcome is CommandOutcome.Done ? node : null;
        }
        catch (StorageNodeException error)
        {
            context.Log.NodeSilent(context.Row.Id, node, error.Message);
            return null;
        }
    }

    private bool MayRepair(NodeName node)
    {
        if (_runs.ContainsKey(node)) return false;
        if (!_failures.TryGetValue(node, out var failure)) return true;
        var pause = TimeSpan.FromSeconds(Math.Min(
            Math.Pow(2, failure.Failed - 1), context.Options.RepairBackoffMax.TotalSeconds));
        return context.Clock.GetElapsedTime(failure.At) >= pause;
    }

    private async Task Repair(NodeName node)
    {
        var run = new RepairRun(context, node);
        _runs[node] = run;
        string? reason;
        try
        {
            using var slot = await slots.Enter(node);
            reason = await run.Run();
        }
        catch (Exception error)
        {
            // Nobody awaits a repair; the next round is its retry, unless the row is lost.
            context.Log.WorkFailed(error, context.Row.Id);
            reason = error.Message;
        }
        _runs.Remove(node);
        if (reason is null)
        {
            _failures.Remove(node);
        }
        else
        {
            var failed = _failures.GetValueOrDefault(node).Failed + 1;
            _failures[node] = (failed, context.Clock.GetTimestamp());
            context.Log.RepairFailed(context.Row.Id, node, failed, reason);
        }
        context.Settle();
    }
}
