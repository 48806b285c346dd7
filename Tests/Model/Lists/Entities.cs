using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway.Model.Lists;

namespace Aedile.Tests.Model.Lists;

/// <summary>Entities that lists are made of in tests.</summary>
internal static class Entities
{
    public static readonly DateTimeOffset Day = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly EntityKind Nodes = EntityKind.Of<NodeSpec>();

    public static Entity Node(
        string id, string[]? attributes = null, bool isDrained = false, string? zone = null, int days = 0,
        long version = 1) => new(
        Nodes, EntityId.Parse(id), id, Day, Day.AddDays(days), version,
        zone is null ? Entity.NoTags : Entity.NoTags.Add("zone", zone),
        new NodeSpec([.. attributes ?? []], isDrained));

    public static Entity IdentityOf(string id, IdentityType type, NodeName? node = null) => new(
        EntityKind.Of<IdentitySpec>(), EntityId.Parse(id), id, Day, Day, 1, Entity.NoTags,
        new IdentitySpec(type, [EntityId.Parse("viewer")], ["people"], Node: node));

    /// <summary>Whether a filter that is understood means an entity.</summary>
    public static bool Matches(string filter, Entity entity)
    {
        var (parsed, fault) = FilterParser.Parse(filter, EntityMembers.Of(entity.Kind));
        Assert.True(parsed is not null, $"{filter}: {fault}");
        return parsed.Matches(entity);
    }

    public static QueryFault FaultOf(string filter)
    {
        var (parsed, fault) = FilterParser.Parse(filter, EntityMembers.Of(Nodes));
        Assert.Null(parsed);
        return Assert.IsType<QueryFault>(fault);
    }

    public static ModelState StateOf(IEnumerable<Entity> entities) =>
        ModelState.Load(ModelState.Empty("t"), entities.ToImmutableArray());
}
