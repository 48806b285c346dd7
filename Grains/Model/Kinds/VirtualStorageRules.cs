using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Grains.Model.Kinds;

internal sealed class VirtualStorageRules : KindRules<VirtualStorageSpec>
{
    private const int ReplicationFactorMax = 9;
    private const int SelectorsMax = 1_000;

    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, VirtualStorageSpec spec)
    {
        // The name stands in addresses of repositories.
        if (entity.Name != entity.Id.Value) return new Flaw("name", "A virtual storage's name is its id.");
        if (spec.ReplicationFactor is < 1 or > ReplicationFactorMax)
            return new Flaw("spec.replicationFactor", $"1 to {ReplicationFactorMax} replicas are possible.");
        if (spec.Nodes.Length is 0 or > SelectorsMax)
            return new Flaw("spec.nodes", $"It has 1 to {SelectorsMax} selectors; '#all' selects every node.");
        return spec.Semantic is RoleSemantic.AnyOf or RoleSemantic.AllOf
            ? null
            : new Flaw("spec.semantic", "It is anyOf or allOf.");
    }

    /// <inheritdoc/>
    protected override IEnumerable<Reference> ReferencesOf(VirtualStorageSpec spec) =>
        from item in spec.Nodes.Index()
        where item.Item.Id is not null
        select new Reference(EntityKey.Of<NodeSpec>(item.Item.Id!.Value), $"spec.nodes[{item.Index}]");
}
