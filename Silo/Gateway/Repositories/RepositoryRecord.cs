using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>A repository as the model defines it.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="DefaultBranch">HEAD's target at its creation, a full name.</param>
/// <param name="CreatedAt">When it was asked for (UTC).</param>
/// <param name="Nodes">The assigned nodes, in order of preference for the primary.</param>
/// <param name="Stage">How far its creation or deletion is.</param>
internal sealed record RepositoryRecord(
    RepositoryId Id, EntityId VirtualStorage, RepositoryPath Path, string DefaultBranch, DateTimeOffset CreatedAt,
    ImmutableArray<NodeName> Nodes, RepositoryStage Stage)
{
    /// <summary>What an entity of kind repository says.</summary>
    public static RepositoryRecord Of(Entity entity)
    {
        var spec = (RepositorySpec)entity.Spec;
        return new RepositoryRecord(
            RepositoryId.Parse(entity.Id.Value), spec.VirtualStorage, spec.Path, spec.DefaultBranch, entity.CreatedAt,
            spec.Nodes, spec.Stage);
    }
}
