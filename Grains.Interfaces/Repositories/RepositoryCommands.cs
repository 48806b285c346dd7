using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Grains.Interfaces.Repositories;

/// <summary>Makes a repository.</summary>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="DefaultBranch">HEAD's target, a full name.</param>
/// <param name="Nodes">The assigned nodes, in order of preference for the primary.</param>
/// <param name="CreatedAt">When it was asked for (UTC).</param>
[GenerateSerializer, Immutable, Alias("repository.create")]
public sealed record CreateRepository(
    string VirtualStorage, RepositoryPath Path, string DefaultBranch, ImmutableArray<NodeName> Nodes,
    DateTimeOffset CreatedAt);

/// <summary>How a creation ended.</summary>
[GenerateSerializer, Alias("repository.create-outcome")]
public enum CreateOutcome
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>It exists, durably on enough replicas.</summary>
    Created,

    /// <summary>Too few nodes answered; call again.</summary>
    TooFewNodes,

    /// <summary>The id was used for another repository, or this one is being deleted.</summary>
    Conflict,
}

/// <summary>Answer to a creation.</summary>
[GenerateSerializer, Immutable, Alias("repository.create-reply")]
public sealed record CreateReply(CreateOutcome Outcome, RepositoryView? View, string? Detail);

/// <summary>How a deletion stands.</summary>
[GenerateSerializer, Alias("repository.delete-outcome")]
public enum DeleteOutcome
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>Deleted on every node.</summary>
    Deleted,

    /// <summary>The decision is durable; a node that is away deletes its replica when it returns.</summary>
    Deleting,

    /// <summary>There was nothing.</summary>
    NotFound,
}

/// <summary>Opens a push.</summary>
/// <param name="Transaction">Its id, made by the gateway.</param>
/// <param name="Updates">What the client asks for; no name twice.</param>
/// <param name="Atomic">Whether all or none must succeed.</param>
[GenerateSerializer, Immutable, Alias("repository.begin")]
public sealed record BeginPush(TransactionId Transaction, ImmutableArray<RefUpdate> Updates, bool Atomic);

/// <summary>Why a repository can't be read or written now, or that it can.</summary>
[GenerateSerializer, Alias("repository.availability")]
public enum Availability
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>Go on.</summary>
    Available,

    /// <summary>No such repository.</summary>
    NotFound,

    /// <summary>Too few up-to-date, healthy replicas for a write; reads may work.</summary>
    TooFewReplicas,

    /// <summary>
    /// No up-to-date replica is healthy: neither reads nor writes until one returns or loss is accepted.
    /// </summary>
    DataLoss,

    /// <summary>The database went back; an operator must resolve it.</summary>
    RegistryRegressed,
}

/// <summary>Answer to a begin.</summary>
/// <param name="Availability">Whether the push may go on.</param>
/// <param name="Participants">The nodes to stage to, joining ones included.</param>
/// <param name="Quorum">How many of the assigned must promise a write.</param>
/// <param name="Rejections">Refs that policy refuses, with git's words; they take no part.</param>
[GenerateSerializer, Immutable, Alias("repository.begin-reply")]
public sealed record BeginReply(
    Availability Availability, ImmutableArray<PushParticipant> Participants, int Quorum,
    ImmutableArray<RefResult> Rejections);

/// <summary>A node to stage a pack to.</summary>
/// <param name="Node">The node.</param>
/// <param name="Newest">The decision it must redo first, if it was a voter of the newest one.</param>
/// <param name="Counts">Whether it counts for the quorum; a joining replica does not yet.</param>
[GenerateSerializer, Immutable, Alias("repository.participant")]
public sealed record PushParticipant(NodeName Node, DecisionNoticeView? Newest, bool Counts);

/// <summary>A decision as a replica must redo it.</summary>
[GenerateSerializer, Immutable, Alias("repository.decision")]
public sealed record DecisionNoticeView(ReplicaVersion Version, ReplicaVersion Base, string Checksum);

/// <summary>A push whose pack is staged.</summary>
/// <param name="Transaction">Its id.</param>
/// <param name="Updates">The updates that take part; no name twice.</param>
/// <param name="Atomic">Whether all or none must succeed.</param>
/// <param name="HasPack">Whether a pack was staged; a push that only deletes has none.</param>
/// <param name="Staged">The nodes that staged it, all with the same pack checksum.</param>
[GenerateSerializer, Immutable, Alias("repository.push")]
public sealed record StagedPush(
    TransactionId Transaction, ImmutableArray<RefUpdate> Updates, bool Atomic, bool HasPack,
    ImmutableArray<NodeName> Staged);

/// <summary>How a push ended.</summary>
[GenerateSerializer, Alias("repository.push-outcome")]
public enum PushOutcome
{
    /// <summary>The decision may or may not be durable; ask for the transaction.</summary>
    Unknown,

    /// <summary>Decided: the refs marked so in the results have their new values.</summary>
    Committed,

    /// <summary>Every ref was rejected; nothing changed.</summary>
    Rejected,

    /// <summary>It could not be decided (too few replicas promised it); nothing changed.</summary>
    Failed,
}

/// <summary>Result of one ref.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Reason">Null when it succeeded, else what git shows behind the name.</param>
[GenerateSerializer, Immutable, Alias("repository.ref-result")]
public sealed record RefResult(string Name, string? Reason);

/// <summary>Answer to a push.</summary>
[GenerateSerializer, Immutable, Alias("repository.push-reply")]
public sealed record PushReply(
    PushOutcome Outcome, long Generation, ImmutableArray<RefResult> Results, string? Detail);
