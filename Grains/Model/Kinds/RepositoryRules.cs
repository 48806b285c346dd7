using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Grains.Model.Kinds;

internal sealed class RepositoryRules : KindRules<RepositorySpec>
{
    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, RepositorySpec spec)
    {
        if (entity.Name != $"{spec.VirtualStorage}/{spec.Path}")
            return new Flaw("name", "A repository's name is its virtual storage, '/', and its path.");
        if (spec.Nodes.IsEmpty) return new Flaw("spec.nodes", "At least one node is needed.");
        if (spec.Nodes.Distinct().Count() != spec.Nodes.Length) return new Flaw("spec.nodes", "A node is there twice.");
        return spec.Stage is RepositoryStage.Unknown
            ? new Flaw("spec.stage", "It is creating, active or deleting.")
            : null;
    }

    /// <inheritdoc/>
    protected override Flaw? CheckChange(RepositorySpec before, RepositorySpec after)
    {
        if (after.VirtualStorage != before.VirtualStorage)
            return new Flaw("spec.virtualStorage", "A repository stays in its virtual storage.");
        // What is being deleted is given up for good: its nodes may have begun.
        return after.Stage < before.Stage ? new Flaw("spec.stage", "A repository doesn't go back.") : null;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Reference> ReferencesOf(RepositorySpec spec)
    {
        yield return new Reference(EntityKey.Of<VirtualStorageSpec>(spec.VirtualStorage), "spec.virtualStorage");
        foreach (var (place, node) in spec.Nodes.Index())
            yield return new Reference(EntityKey.Of<NodeSpec>(EntityId.Parse(node.Value)), $"spec.nodes[{place}]");
    }
}
