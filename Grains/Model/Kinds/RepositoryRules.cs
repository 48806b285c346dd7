using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;

namespace Aedile.Grains.Model.Kinds;

internal sealed class RepositoryRules : KindRules<RepositorySpec>
{
    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, RepositorySpec spec)
    {
        if (!RepositoryId.TryParse(entity.Id.Value, null, out _))
            return new Flaw("id", "A repository's id is 32 hexadecimal digits; leave it out to be given one.");
        // The path is free as soon as a deletion is decided, long before the last node has carried it out.
        var isDeleting = spec.Stage is RepositoryStage.Deleting;
        if (entity.Name != (isDeleting ? entity.Id.Value : $"{spec.VirtualStorage}/{spec.Path}"))
            return new Flaw(
                "name", isDeleting
                    ? "The name of a repository that is being deleted is its id."
                    : "A repository's name is its virtual storage, '/', and its path.");
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
        if (after.Path != before.Path) return new Flaw("spec.path", "A repository keeps its path.");
        if (after.DefaultBranch != before.DefaultBranch)
            return new Flaw("spec.defaultBranch", "It is that of the creation.");
        if (!after.Nodes.SequenceEqual(before.Nodes))
            return new Flaw("spec.nodes", "A repository keeps its assigned nodes.");
        // What is being deleted is given up for good: its nodes may have begun.
        return after.Stage < before.Stage ? new Flaw("spec.stage", "A repository doesn't go back.") : null;
    }

    /// <inheritdoc/>
    protected override Flaw? CheckRemoval(RepositorySpec spec) => spec.Stage is RepositoryStage.Deleting
        ? null
        : new Flaw("spec.stage", "Its replicas are deleted first: DELETE /v1/repositories/{id} does all of it.");

    /// <inheritdoc/>
    protected override IEnumerable<Reference> ReferencesOf(RepositorySpec spec)
    {
        yield return new Reference(EntityKey.Of<VirtualStorageSpec>(spec.VirtualStorage), "spec.virtualStorage");
        foreach (var (place, node) in spec.Nodes.Index())
            yield return new Reference(EntityKey.Of<NodeSpec>(EntityId.Parse(node.Value)), $"spec.nodes[{place}]");
    }
}
