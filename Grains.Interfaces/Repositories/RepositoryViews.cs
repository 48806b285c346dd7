using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Grains.Interfaces.Repositories;

/// <summary>Which replicas may serve a read.</summary>
/// <param name="Availability">Whether any may.</param>
/// <param name="Version">The version to ask for; the agent refuses when it is behind.</param>
/// <param name="Candidates">Healthy replicas of that version, in order of preference.</param>
[GenerateSerializer, Immutable, Alias("repository.route-reply")]
public sealed record RouteReply(
    Availability Availability, ReplicaVersion Version, ImmutableArray<NodeName> Candidates);

/// <summary>A repository as of its last durable write.</summary>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="DefaultBranch">HEAD's target, a full name.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="Checksum">Content checksum of that version.</param>
/// <param name="Primary">The acting primary; null when there is none.</param>
/// <param name="Writable">Whether a push would be begun now, or why not.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
/// <param name="Replicas">One for each node that has or should have a copy.</param>
[GenerateSerializer, Immutable, Alias("repository.view")]
public sealed record RepositoryView(
    string VirtualStorage, RepositoryPath Path, string DefaultBranch, ReplicaVersion Version, string Checksum,
    NodeName? Primary, Availability Writable, DateTimeOffset CreatedAt, ImmutableArray<ReplicaView> Replicas);

/// <summary>What repair is doing with a replica.</summary>
[GenerateSerializer, Alias("repository.repair-phase")]
public enum RepairPhase
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>It needs none.</summary>
    None,

    /// <summary>It needs one, and waits for its node, a source or its turn.</summary>
    Waiting,

    /// <summary>It copies while writes go on.</summary>
    Fetching,

    /// <summary>Every new push is staged to it; its last fetch is under way or waits for its turn.</summary>
    Joining,
}

/// <summary>A replica.</summary>
/// <param name="Node">The storage node.</param>
/// <param name="Generation">What it holds by its own report; null when unknown or half repaired.</param>
/// <param name="Checksum">Its content checksum; null with the generation.</param>
/// <param name="Healthy">Whether its agent's session stands.</param>
/// <param name="UpToDate">Whether it holds the newest version.</param>
/// <param name="Repair">What repair is doing with it.</param>
[GenerateSerializer, Immutable, Alias("repository.replica-view")]
public sealed record ReplicaView(
    NodeName Node, long? Generation, string? Checksum, bool Healthy, bool UpToDate, RepairPhase Repair);

/// <summary>A replica's question about its promise.</summary>
[GenerateSerializer, Immutable, Alias("repository.question")]
public sealed record ResolveQuestion(
    NodeName Node, TransactionId Transaction, CommandToken Token, ReplicaVersion Base);

/// <summary>Answer to it; see <see cref="ResolutionOutcome"/>.</summary>
[GenerateSerializer, Immutable, Alias("repository.resolve-reply")]
public sealed record ResolveReply(PromiseOutcome Outcome, DecisionNoticeView? Decision);

/// <summary>What becomes of a promise.</summary>
[GenerateSerializer, Alias("repository.promise-outcome")]
public enum PromiseOutcome
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>Redo it.</summary>
    Committed,

    /// <summary>Undo it.</summary>
    Aborted,

    /// <summary>Ask again.</summary>
    Pending,
}

/// <summary>Outcome of one write.</summary>
[GenerateSerializer, Alias("repository.transaction-outcome")]
public enum TransactionOutcome
{
    /// <summary>Neither the row nor a replica knows it. It is not thereby aborted.</summary>
    Unknown,

    /// <summary>Decided.</summary>
    Committed,

    /// <summary>It can never be decided.</summary>
    Aborted,

    /// <summary>Under way.</summary>
    Pending,
}

/// <summary>Outcome of one write, with the generation it made.</summary>
[GenerateSerializer, Immutable, Alias("repository.transaction-view")]
public sealed record TransactionView(TransactionOutcome Outcome, long? Generation);

/// <summary>Answer to <see cref="IRepositoryGrain.AcceptLoss"/>.</summary>
/// <param name="Accepted">Whether a replica was made the truth; if not, <paramref name="Detail"/> says why.</param>
/// <param name="Version">The newest version now.</param>
/// <param name="Detail">For people.</param>
[GenerateSerializer, Immutable, Alias("repository.accept-loss-reply")]
public sealed record AcceptLossReply(bool Accepted, ReplicaVersion? Version, string? Detail);
