using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// A replica with what it last reported (null: nothing since the doubt) and whether its session stands.
/// </summary>
internal sealed record ReplicaFacts(ReplicaState State, ReplicaReport? Seen, bool Healthy);

/// <summary>What follows from the row and the replicas' own reports. Pure.</summary>
internal static class ReplicaSet
{
    /// <summary>
    /// How many of <paramref name="assigned"/> must promise a write: a majority, so that any two quorums share a
    /// replica, and at least two when there are two, so that one lost disk loses nothing.
    /// </summary>
    public static int Quorum(int assigned) => assigned == 2 ? 2 : assigned / 2 + 1;

    /// <summary>
    /// Whether the replica holds, or has durably promised and must apply, the newest version. Its own report rules over
    /// the row.
    /// </summary>
    public static bool IsUpToDate(RepositoryState row, ReplicaFacts replica)
    {
        if (replica.State.Distrusted || row.Newest is not { } newest) return false;
        var owes = replica.State.Decided?.Version == newest.Version;
        if (replica.Seen is not { } seen) return owes || replica.State.Applied == newest.Version;
        if (seen.Version == newest.Version) return seen.Checksum == newest.Checksum;
        return owes && seen.Open?.Transaction == newest.Version.Transaction;
    }

    /// <summary>
    /// Whether the row accounts for what the replica reports. If not, the row is older than the replica: the database
    /// went back.
    /// </summary>
    public static bool Explains(RepositoryState row, ReplicaState replica, ReplicaReport seen)
    {
        if (seen.Version is not { } version || version.Generation < row.LossFloor) return true;
        // The first version follows from the id alone: a replica has it before the row does, and proves nothing by it.
        if (version.Generation == 0) return true;
        return version == replica.Applied || version == replica.Decided?.Version || version == replica.Decided?.Base
            || version == replica.RepairTarget || version == row.Newest?.Version
            || row.Outcomes.Any(o => o.Transaction == version.Transaction && o.Generation == version.Generation);
    }

    /// <summary>The up-to-date, healthy replicas in order of preference; the first is the acting primary.</summary>
    public static ImmutableArray<NodeName> Serving(RepositoryState row, IEnumerable<ReplicaFacts> replicas) =>
        [.. replicas.Where(r => r.Healthy && IsUpToDate(row, r)).Select(r => r.State.Node)];

    /// <summary>Whether a read may be routed now.</summary>
    public static Availability ForRead(RepositoryState row, IReadOnlyCollection<ReplicaFacts> replicas)
    {
        if (row.Status is not RepositoryStatus.Active) return Availability.NotFound;
        return Serving(row, replicas).IsEmpty ? Availability.DataLoss : Availability.Available;
    }

    /// <summary>Whether a push may be begun now.</summary>
    public static Availability ForWrite(RepositoryState row, IReadOnlyCollection<ReplicaFacts> replicas)
    {
        if (row.Status is not RepositoryStatus.Active) return Availability.NotFound;
        if (row.Regressed is not null) return Availability.RegistryRegressed;
        var serving = Serving(row, replicas).Length;
        if (serving == 0) return Availability.DataLoss;
        return serving < Quorum(row.Replicas.Length) ? Availability.TooFewReplicas : Availability.Available;
    }
}
