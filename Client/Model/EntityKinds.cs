using System.Collections.Frozen;
using System.Collections.Immutable;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Model;

/// <summary>Every kind there is. A new one is a record in <c>Kinds</c>, a line here, its rules and a test.</summary>
public static class EntityKinds
{
    private static readonly FrozenDictionary<string, EntityKind> ByName;
    private static readonly FrozenDictionary<string, EntityKind> ByPlural;

    static EntityKinds()
    {
        All =
        [
            EntityKind.Of<NodeSpec>(),
            EntityKind.Of<RepositorySpec>(),
            EntityKind.Of<VirtualStorageSpec>(),
        ];
        ByName = All.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);
        ByPlural = All.ToFrozenDictionary(kind => kind.Plural, StringComparer.Ordinal);
    }

    /// <summary>All kinds, by name.</summary>
    public static ImmutableArray<EntityKind> All { get; }

    /// <summary>The kind of this name; null when there is none.</summary>
    public static EntityKind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The kind of this plural; null when there is none.</summary>
    public static EntityKind? FindPlural(string plural) => ByPlural.GetValueOrDefault(plural);
}
