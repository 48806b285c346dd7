using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>Every change of a repository's row, as pure functions from row to row.</summary>
internal static class RowChange
{
    /// <summary>The row of a repository that is asked for and exists nowhere yet.</summary>
    public static RepositoryState Create(RepositoryState row, CreateRepository command) =>
        row with
        {
            Status = RepositoryStatus.Creating,
            Epoch = row.Epoch + 1,
            VirtualStorage = command.VirtualStorage,
            Path = command.Path.Value,
            DefaultBranch = command.DefaultBranch,
            CreatedAt = command.CreatedAt,
            Replicas = [.. command.Nodes.Select(node => new ReplicaState(node))],
        };

    /// <summary>
    /// The version that an empty repository begins with. It follows from the id, so that a creation that is taken up
    /// again asks the replicas for the same.
    /// </summary>
    public static ReplicaVersion FirstVersion(RepositoryId id) =>
        new(0, new TransactionId(Guid.ParseExact(id.Value, "N")));

    /// <summary>The repository exists durably on the nodes named.</summary>
    public static RepositoryState Activate(RepositoryState row, RepositoryId id, ImmutableArray<NodeName> created)
    {
        var version = FirstVersion(id);
        var checksum = RefChecksum.OfEmpty(row.DefaultBranch).ToString();
        return row with
        {
            Status = RepositoryStatus.Active,
            Newest = new Decision(version, checksum, HashOf([]), created),
            Replicas = [.. row.Replicas.Select(r => created.Contains(r.Node) ? r with { Applied = version } : r)],
        };
    }

    /// <summary>A new activation takes over: whatever an older one has in flight loses its compare-and-set.</summary>
    public static RepositoryState RaiseEpoch(RepositoryState row) => row with { Epoch = row.Epoch + 1 };

    /// <summary>
    /// The commit point of a write: <paramref name="voters"/> have durably promised it on the newest version. Everyone
    /// else is outdated from here on.
    /// </summary>
    public static RepositoryState Decide(
        RepositoryState row, TransactionId transaction, ImmutableArray<RefUpdate> updates, string checksum,
        ImmutableArray<NodeName> voters)
    {
        var before = row.Newest ?? throw new InvalidOperationException("Only an active repository decides writes.");
        var version = new ReplicaVersion(before.Version.Generation + 1, transaction);
        return DecideAs(row, version, before.Version, HashOf(updates), checksum, voters);
    }

    /// <summary>As <see cref="Decide"/>, on a base and at a version that an operator's act has chosen.</summary>
    public static RepositoryState DecideAs(
        RepositoryState row, ReplicaVersion version, ReplicaVersion baseVersion, string updatesHash, string checksum,
        ImmutableArray<NodeName> voters)
    {
        var notice = new DecisionNotice(version, baseVersion, checksum);
        return row with
        {
            Newest = new Decision(version, checksum, updatesHash, voters),
            // A voter held the base exactly, or it could not have promised.
            Replicas =
            [
                .. row.Replicas.Select(r =>
                    voters.Contains(r.Node) ? r with { Decided = notice, Applied = baseVersion } : r),
            ],
            Outcomes = Append(row.Outcomes, new KnownOutcome(version.Transaction, version.Generation)),
        };
    }

    /// <summary>Remembers that writes can never be decided.</summary>
    public static RepositoryState GiveUp(RepositoryState row, IEnumerable<TransactionId> transactions)
    {
        var known = transactions.Where(t => row.Outcomes.All(o => o.Transaction != t)).ToList();
        return known.Count == 0
            ? row
            : row with { Outcomes = known.Aggregate(row.Outcomes, (all, t) => Append(all, new KnownOutcome(t, null))) };
    }

    /// <summary>Takes over what a replica says of itself. The same row when it says nothing new.</summary>
    public static RepositoryState Fold(RepositoryState row, NodeName node, ReplicaReport seen)
    {
        var replica = row.Replicas.FirstOrDefault(r => r.Node == node);
        if (replica is null) return row;
        var after = replica.Decided is { } decided && seen.Version != decided.Version
            && seen.Open?.Transaction == decided.Version.Transaction
                ? replica
                : replica with { Decided = null, Applied = seen.Version };
        return after == replica ? row : Replace(row, after);
    }

    /// <summary>Content that disagrees with a quorum counts for nothing until it is repaired.</summary>
    public static RepositoryState Distrust(RepositoryState row, IEnumerable<NodeName> nodes) =>
        nodes.Aggregate(row, (all, node) => Change(all, node, r => r with { Distrusted = true }));

    /// <summary>Allows a final repair to set the newest version on a replica.</summary>
    public static RepositoryState AllowRepair(RepositoryState row, NodeName node) =>
        Change(row, node, r => r with { RepairTarget = row.Newest?.Version });

    /// <summary>A final repair succeeded: the replica holds its target.</summary>
    public static RepositoryState Repaired(RepositoryState row, NodeName node) =>
        Change(row, node, r => r with { Applied = r.RepairTarget, Decided = null, Distrusted = false });

    /// <summary>The row is older than the replicas; only an operator goes on from here.</summary>
    public static RepositoryState Regress(RepositoryState row, string reason) => row with { Regressed = reason };

    /// <summary>The decision to delete.</summary>
    public static RepositoryState BeginDelete(RepositoryState row) => row with { Status = RepositoryStatus.Deleting };

    /// <summary>A replica is gone; with the last one, the repository.</summary>
    public static RepositoryState DropReplicas(RepositoryState row, ImmutableArray<NodeName> nodes)
    {
        if (nodes.IsEmpty && !row.Replicas.IsEmpty) return row;
        ImmutableArray<ReplicaState> left = [.. row.Replicas.Where(r => !nodes.Contains(r.Node))];
        return row with
        {
            Replicas = left,
            Status = left.IsEmpty ? RepositoryStatus.Deleted : row.Status,
        };
    }

    /// <summary>SHA-256 (64 hex digits) over the updates in ordinal order of their names.</summary>
    public static string HashOf(ImmutableArray<RefUpdate> updates)
    {
        var lines = updates.OrderBy(u => u.Name, StringComparer.Ordinal).Select(u => $"{u.Old} {u.New} {u.Name}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static RepositoryState Change(
        RepositoryState row, NodeName node, Func<ReplicaState, ReplicaState> change) =>
        row.Replicas.FirstOrDefault(r => r.Node == node) is { } replica
            && change(replica) is var after && after != replica
            ? Replace(row, after)
            : row;

    private static RepositoryState Replace(RepositoryState row, ReplicaState replica) =>
        row with { Replicas = [.. row.Replicas.Select(r => r.Node == replica.Node ? replica : r)] };

    private static ImmutableArray<KnownOutcome> Append(ImmutableArray<KnownOutcome> outcomes, KnownOutcome outcome) =>
        outcomes.Length < RepositoryState.OutcomesKept ? outcomes.Add(outcome) : outcomes.RemoveAt(0).Add(outcome);
}
