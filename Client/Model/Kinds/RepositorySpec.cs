using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Client.Model.Kinds;

/// <summary>A Git repository. Its name is <c>storage/path</c>; how its replicas stand, its grain knows.</summary>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="DefaultBranch">HEAD's target at its creation, a full name.</param>
/// <param name="Nodes">The assigned nodes, in order of preference for the primary.</param>
/// <param name="Stage">How far its creation or deletion is.</param>
[EntityKind("repository", "repositories")]
public sealed record RepositorySpec(
    EntityId VirtualStorage, RepositoryPath Path, string DefaultBranch, ImmutableArray<NodeName> Nodes,
    RepositoryStage Stage) : EntitySpec;

/// <summary>How far a repository's creation or deletion is.</summary>
public enum RepositoryStage
{
    /// <summary>Never stored.</summary>
    Unknown,

    /// <summary>Wanted; not yet confirmed by enough nodes.</summary>
    Creating,

    /// <summary>There.</summary>
    Active,

    /// <summary>Given up for good; some node may still hold a replica.</summary>
    Deleting,
}
