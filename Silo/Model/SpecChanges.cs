using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Silo.Model;

/// <summary>Changes that this program itself asks for, made from typed specs.</summary>
internal static class SpecChanges
{
    /// <summary>Makes an entity; without a name its id is the name.</summary>
    public static WriteChange Create<TSpec>(EntityId id, TSpec spec, string? name = null) where TSpec : EntitySpec
    {
        var body = new JsonObject { ["spec"] = JsonSerializer.SerializeToNode(spec, Wire.Json) };
        if (name is not null) body["name"] = name;
        return new WriteChange(ChangeVerb.Create, EntityKind.Of<TSpec>().Name, id.Value, null, body.ToJsonString());
    }

    /// <summary>Merges into an entity, whatever its version.</summary>
    public static WriteChange Patch<TSpec>(EntityId id, JsonObject patch) where TSpec : EntitySpec =>
        new(ChangeVerb.Patch, EntityKind.Of<TSpec>().Name, id.Value, null, patch.ToJsonString());

    /// <summary>Removes an entity, whatever its version.</summary>
    public static WriteChange Delete<TSpec>(EntityId id) where TSpec : EntitySpec =>
        new(ChangeVerb.Delete, EntityKind.Of<TSpec>().Name, id.Value, null, null);
}
