using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>
/// Roles that every fleet has. Their ids can't be taken by roles of the model, and what they allow is here.
/// </summary>
public static class BuiltInRoles
{
    /// <summary>Everything that people may do.</summary>
    public static EntityId Admin { get; } = EntityId.Parse("admin");

    /// <summary>Runs the fleet: reads all, changes all but who may do what.</summary>
    public static EntityId Operator { get; } = EntityId.Parse("operator");

    /// <summary>Reads all, changes nothing.</summary>
    public static EntityId Viewer { get; } = EntityId.Parse("viewer");

    /// <summary>An agent: its own node's calls. What they are stands in <see cref="Permissions"/>.</summary>
    public static EntityId Agent { get; } = EntityId.Parse("agent");

    /// <summary>What each of them allows.</summary>
    public static ImmutableDictionary<EntityId, ImmutableSortedSet<Permission>> All { get; } =
        new Dictionary<EntityId, ImmutableSortedSet<Permission>>
        {
            [Admin] = Set("*"),
            [Operator] = Set(
                "*:read", "nodes:*", "virtual-storages:*", "repositories:*", "shards:*", "compute:*", "circuits:*"),
            [Viewer] = Set("*:read"),
            [Agent] = [],
        }.ToImmutableDictionary();

    private static ImmutableSortedSet<Permission> Set(params IEnumerable<string> permissions) =>
        [.. permissions.Select(text => Permission.Parse(text))];
}
