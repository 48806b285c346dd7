using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client.Model;

namespace Aedile.Client.Gateway;

/// <summary>What is to be written of an entity: name, tags and spec.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Body">As REST takes it; whatever is not in it is left to the silo.</param>
public sealed record EntityDraft(EntityKind Kind, JsonObject Body)
{
    /// <summary>An entity of a spec.</summary>
    /// <param name="spec">What it shall be.</param>
    /// <param name="name">For people; null: its id when it is created.</param>
    /// <param name="tags">Whatever its owner notes; null for none.</param>
    public static EntityDraft Of<TSpec>(
        TSpec spec, string? name = null, IReadOnlyDictionary<string, string>? tags = null) where TSpec : EntitySpec
    {
        var body = new JsonObject { ["spec"] = JsonSerializer.SerializeToNode(spec, Wire.Json) };
        if (name is not null) body["name"] = name;
        if (tags is not null) body["tags"] = JsonSerializer.SerializeToNode(tags, Wire.Json);
        return new EntityDraft(EntityKind.Of<TSpec>(), body);
    }
}
