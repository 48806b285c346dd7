using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>Where a repository is in its life.</summary>
public enum RepositoryStatus
{
    /// <summary>Never created.</summary>
    Unknown,

    /// <summary>The intent is durable; too few replicas are known to exist.</summary>
    Creating,

    /// <summary>Served.</summary>
    Active,

    /// <summary>The decision to delete is durable; some replicas may still exist.</summary>
    Deleting,

    /// <summary>No replica exists. The row stays: its epoch fences what was commanded before.</summary>
    Deleted,
}

/// <summary>The newest decision: what the repository is.</summary>
/// <param name="Version">Its identity.</param>
/// <param name="Checksum">Content checksum, 64 hex digits.</param>
/// <param name="UpdatesHash">SHA-256 over the ref updates that made it, for audits.</param>
/// <param name="Voters">The nodes whose durable promises it rests on.</param>
public sealed record Decision(
    ReplicaVersion Version, string Checksum, string UpdatesHash, ImmutableArray<NodeName> Voters);

/// <summary>What the row knows of one replica. What it really holds, only its agent can say.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Decided">
/// The decision it last voted for, kept until the replica itself reports it applied or reports no promise for it.
/// </param>
/// <param name="Applied">The version it was last known to hold.</param>
/// <param name="RepairTarget">The version that a final repair was allowed to set, written before the repair.</param>
/// <param name="Distrusted">It disagreed with a quorum about its refs: nothing it reports counts until it is
/// repaired.</param>
public sealed record ReplicaState(
    NodeName Node, DecisionNotice? Decided = null, ReplicaVersion? Applied = null,
    ReplicaVersion? RepairTarget = null, bool Distrusted = false);

/// <summary>Outcome of an earlier write.</summary>
/// <param name="Transaction">The write.</param>
/// <param name="Generation">The generation it made; null when it was given up.</param>
public sealed record KnownOutcome(TransactionId Transaction, long? Generation);

/// <summary>
/// The coordination state of one repository, one row, written only by compare-and-set. Stored as JSON; members are
/// added, never renamed.
/// </summary>
public sealed record RepositoryState
{
    /// <summary>How many outcomes the row keeps; older ones are asked of the replicas.</summary>
    public const int OutcomesKept = 256;

    /// <summary>Where it is in its life.</summary>
    public RepositoryStatus Status { get; init; }

    /// <summary>Right to command its replicas: raised by each activation before it says anything.</summary>
    public long Epoch { get; init; }

    /// <summary>Where it lives.</summary>
    public string VirtualStorage { get; init; } = "";

    /// <summary>Its name there, when it was created.</summary>
    public string Path { get; init; } = "";

    /// <summary>HEAD's target, a full name.</summary>
    public string DefaultBranch { get; init; } = "";

    /// <summary>When it was asked for (UTC).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The newest decision; null until it is active.</summary>
    public Decision? Newest { get; init; }

    /// <summary>The assigned replicas, in order of preference for the primary.</summary>
    public ImmutableArray<ReplicaState> Replicas { get; init; } = [];

    /// <summary>The newest outcomes, oldest first.</summary>
    public ImmutableArray<KnownOutcome> Outcomes { get; init; } = [];

    /// <summary>Why the row can't be trusted (<c>registry-regressed</c>); null when it can.</summary>
    public string? Regressed { get; init; }

    /// <summary>
    /// Generations below this one were given up by an operator: a replica that reports one is only outdated.
    /// </summary>
    public long LossFloor { get; init; }
}
