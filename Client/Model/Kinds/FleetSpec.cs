using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>The fleet itself: there is one entity of this kind, made by the first silo.</summary>
/// <param name="Fleet">Its identity, in every token; never changes.</param>
[EntityKind("fleet", "fleets")]
public sealed record FleetSpec(FleetId Fleet) : EntitySpec
{
    /// <summary>Id of the one entity.</summary>
    public static EntityId OnlyId { get; } = EntityId.Parse("fleet");
}
