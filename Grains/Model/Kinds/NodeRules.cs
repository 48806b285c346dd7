using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Grains.Model.Kinds;

internal sealed class NodeRules : KindRules<NodeSpec>
{
    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, NodeSpec spec)
    {
        // Agents say who they are by name, and a node's id is that name.
        if (entity.Name != entity.Id.Value) return new Flaw("name", "A node's name is its id.");
        return AttributeRules.Check(spec.Attributes);
    }
}
