using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Model.Copies;

/// <summary>
/// What agents get of the model. Each entity is judged alone, so that a change of the model is a change of the same
/// entity in the copies, or none. Pure. A kind that is not named here is copied to nobody.
/// </summary>
public static class CopyRules
{
    /// <summary>The parts that an entity is in; none for what agents never get.</summary>
    public static ImmutableArray<CopyPart> PartsOf(Entity entity) => entity.Spec switch
    {
        FleetSpec or RoleSpec or SigningKeySpec or CertificateAuthoritySpec or RevocationSpec => [CopyPart.Trust],
        // People and programs call silos only: an agent that was broken into shall not even know their names.
        IdentitySpec { Type: IdentityType.Silo or IdentityType.Agent } => [CopyPart.Trust],
        VirtualStorageSpec => [CopyPart.Storage],
        NodeSpec when NodeName.TryParse(entity.Id.Value, null, out var node) => [CopyPart.Of(node)],
        RepositorySpec { Nodes: { IsDefault: false } nodes } => [.. nodes.Distinct().Select(CopyPart.StorageOf)],
        _ => [],
    };

    /// <summary>What agents see of an entity: no secret, and of an identity only what a verdict needs.</summary>
    public static Entity Shown(Entity entity) => entity.Spec switch
    {
        IdentitySpec identity => entity with
        {
            Tags = Entity.NoTags, Spec = identity with { Attributes = [], External = null },
        },
        _ => ReaderView.Of(entity),
    };

    /// <summary>An entity as it is copied. Cost: some microseconds.</summary>
    public static CopiedEntity Copy(Entity entity) => new(
        entity.Kind.Name, entity.Id.Value, JsonSerializer.Serialize(Shown(entity), Wire.Json));
}
