using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Storage.Repositories;

/// <summary>How far a repository's creation or deletion is.</summary>
public enum RepositoryRecordState
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

/// <summary>A repository as the directory knows it.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="DefaultBranch">HEAD's target at its creation, a full name.</param>
/// <param name="CreatedAt">When it was asked for (UTC).</param>
/// <param name="Nodes">The assigned nodes, in order of preference for the primary.</param>
/// <param name="State">How far it is.</param>
public sealed record RepositoryRecord(
    RepositoryId Id, string VirtualStorage, RepositoryPath Path, string DefaultBranch, DateTimeOffset CreatedAt,
    ImmutableArray<NodeName> Nodes, RepositoryRecordState State);
