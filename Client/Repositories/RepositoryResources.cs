using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Client.Repositories;

/// <summary>Body of <c>POST /v1/repositories</c>.</summary>
/// <param name="VirtualStorage">A configured virtual storage.</param>
/// <param name="Path">Name within it, as in <c>team/project</c>; see <see cref="RepositoryPath"/>.</param>
/// <param name="DefaultBranch">Short name of HEAD's branch; <c>main</c> when left out.</param>
public sealed record CreateRepositoryRequest(string VirtualStorage, string Path, string? DefaultBranch = null);

/// <summary>A repository as REST shows it.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="Generation">Count of its writes; 0 while it is not known.</param>
/// <param name="Primary">The acting primary; null when no up-to-date replica is healthy.</param>
/// <param name="State">
/// Its state: creating, active, deleting, readOnly, dataLoss, registryRegressed, or, in lists only, unknown: its
/// coordinator did not answer in time, and its replicas are shown without what they hold.
/// </param>
/// <param name="DefaultBranch">Short name of HEAD's branch.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
/// <param name="Replicas">One for each node that has or should have a copy.</param>
public sealed record RepositoryResource(
    RepositoryId Id, string VirtualStorage, string Path, long Generation, NodeName? Primary, string State,
    string DefaultBranch, DateTimeOffset CreatedAt, ImmutableArray<ReplicaResource> Replicas);

/// <summary>A replica as REST shows it.</summary>
/// <param name="Node">The storage node.</param>
/// <param name="Generation">What it holds; null when it is unknown or being repaired.</param>
/// <param name="Healthy">Whether its agent's session stands.</param>
/// <param name="UpToDate">Whether it holds the newest version and may serve reads.</param>
/// <param name="Assigned">Whether it should hold a copy.</param>
/// <param name="Checksum">Content checksum; null with the generation.</param>
/// <param name="Repair">What repair is doing with it: none, waiting, fetching, joining.</param>
public sealed record ReplicaResource(
    NodeName Node, long? Generation, bool Healthy, bool UpToDate, bool Assigned, string? Checksum, string Repair);

/// <summary>Outcome of one write.</summary>
/// <param name="Transaction">Its id.</param>
/// <param name="Outcome">committed, aborted, pending or unknown.</param>
/// <param name="Generation">The generation it made, when committed.</param>
public sealed record TransactionResource(TransactionId Transaction, string Outcome, long? Generation);

/// <summary>One page of a list.</summary>
/// <param name="Items">At most <c>limit</c> of them.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> for the next page; null at the end.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? NextCursor);
