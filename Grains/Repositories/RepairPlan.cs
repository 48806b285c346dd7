using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Grains.Repositories;

/// <summary>What the background work of a repository should do next. Pure.</summary>
/// <param name="Ask">
/// Nodes whose replica should report: healthy, and nothing heard since the last doubt, or a promise that it must apply.
/// </param>
/// <param name="Repair">Nodes whose replica should be repaired now.</param>
/// <param name="IsSettled">Whether nothing is left to do until something changes.</param>
internal sealed record RepairPlan(ImmutableArray<NodeName> Ask, ImmutableArray<NodeName> Repair, bool IsSettled)
{
    /// <summary>Desired against known: every assigned replica up to date.</summary>
    /// <param name="row">The durable row.</param>
    /// <param name="replicas">The replicas as they are known.</param>
    /// <param name="mayRepair">Whether a repair of the node may start now (none runs, its pause is over).</param>
    public static RepairPlan For(
        RepositoryState row, IReadOnlyCollection<ReplicaFacts> replicas, Func<NodeName, bool> mayRepair)
    {
        if (row.Status is not RepositoryStatus.Active) return new RepairPlan([], [], IsSettled: true);
        // A voter may learn of the decision without us, from its own question: nobody reports what it then applies.
        ImmutableArray<NodeName> silent =
            [.. replicas.Where(r => r.Healthy && (r.Seen is null || Owes(row, r))).Select(r => r.State.Node)];
        var outdated = replicas.Where(r => r.Healthy && r.Seen is not null && !ReplicaSet.IsUpToDate(row, r)).ToList();
        // While the row can't be trusted, a repair could overwrite the newer of two truths.
        ImmutableArray<NodeName> repair =
            row.Regressed is null ? [.. outdated.Select(r => r.State.Node).Where(mayRepair)] : [];
        return new RepairPlan(silent, repair, silent.IsEmpty && (outdated.Count == 0 || row.Regressed is not null));
    }

    private static bool Owes(RepositoryState row, ReplicaFacts replica) =>
        replica.Seen?.Version != row.Newest?.Version && ReplicaSet.IsUpToDate(row, replica);
}
