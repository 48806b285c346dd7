using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;

namespace Aedile.Silo.Model.Copies;

/// <summary>
/// What a scope has of a state, by kind and name. Cost: a look at each entity of the kinds that a scope may have; of
/// nodes only at its own, and of repositories at little more than their nodes. Every agent asks for it at its first
/// session, and a thousand agents may come at once. Pure.
/// </summary>
internal static class ScopeContent
{
    /// <summary>The entities, one after another.</summary>
    public static IEnumerable<Entity> Of(ModelState state, CopyScope scope)
    {
        foreach (var kind in EntityKinds.All)
        {
            foreach (var entity in Likely(state, kind, scope))
                if (Has(scope.Parts, entity)) yield return entity;
        }
    }

    private static IEnumerable<Entity> Likely(ModelState state, EntityKind kind, CopyScope scope)
    {
        if (scope.Node is not { } node) return state.List(kind);
        if (kind == EntityKind.Of<NodeSpec>())
            return EntityId.TryParse(node.Value, null, out var id)
                && state.Find(new EntityKey(kind, id)) is { } own ? [own] : [];
        return kind == EntityKind.Of<RepositorySpec>()
            ? state.List(kind).Where(one => one.Spec is RepositorySpec { Nodes: { IsDefault: false } nodes }
                && nodes.Contains(node))
            : state.List(kind);
    }

    private static bool Has(ImmutableArray<CopyPart> parts, Entity entity)
    {
        foreach (var part in CopyRules.PartsOf(entity))
            if (parts.Contains(part)) return true;
        return false;
    }
}
