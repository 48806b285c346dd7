using System.Collections.Immutable;

namespace Aedile.Client.Model.Kinds;

/// <summary>A named set of storage nodes.</summary>
/// <param name="ReplicationFactor">How many replicas a new repository gets, 1 to 9.</param>
/// <param name="Nodes">Which nodes it has.</param>
/// <param name="Semantic">How several attributes select.</param>
[EntityKind("virtual-storage", "virtual-storages")]
public sealed record VirtualStorageSpec(
    int ReplicationFactor, ImmutableArray<RoleSelector> Nodes, RoleSemantic Semantic = RoleSemantic.AnyOf)
    : EntitySpec;
