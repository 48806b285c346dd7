using System.Text.Json.Nodes;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>Stands for the body of a creation or update, whose spec depends on the kind in the address.</summary>
internal sealed record EntityDraftDocument;

/// <summary>Schemas of one kind's entities, whose JSON is written by hand for the sake of its order.</summary>
internal static class KindSchemas
{
    /// <summary>An entity as readers get it.</summary>
    public static JsonObject OfEntity(EntityKind kind, JsonObject spec, XmlDocs docs)
    {
        var members = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind.Name } };
        foreach (var (name, type, format) in ((string, string, string?)[])[
            (nameof(Entity.Id), "string", null), (nameof(Entity.Name), "string", null),
            (nameof(Entity.CreatedAt), "string", "date-time"), (nameof(Entity.UpdatedAt), "string", "date-time"),
            (nameof(Entity.Version), "integer", null)])
            members[Camel(name)] = Member(docs, name, type, format);
        members["tags"] = Tags(docs);
        members["spec"] = spec;
        return new JsonObject
        {
            ["description"] = docs.Of(kind.SpecType),
            ["type"] = "object",
            ["properties"] = members,
            // With `fields` the others are left out.
            ["required"] = new JsonArray("id", "version"),
        };
    }

    /// <summary>An entity as writers say it.</summary>
    public static JsonObject OfDraft(EntityKind kind, JsonObject spec, XmlDocs docs) => new()
    {
        ["description"] = docs.Of(kind.SpecType),
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["id"] = new JsonObject
            {
                ["description"] = "For a creation only; the model gives one when it is left out.", ["type"] = "string",
            },
            ["name"] = new JsonObject
            {
                ["description"] = "As it was, or the id, when it is left out.",
                ["type"] = new JsonArray("string", "null"),
            },
            ["tags"] = Tags(docs),
            ["spec"] = spec,
        },
        ["required"] = new JsonArray("spec"),
        ["additionalProperties"] = false,
    };

    private static JsonObject Tags(XmlDocs docs)
    {
        var tags = Member(docs, nameof(Entity.Tags), "object", null);
        tags["additionalProperties"] = new JsonObject { ["type"] = "string" };
        return tags;
    }

    private static JsonObject Member(XmlDocs docs, string name, string type, string? format)
    {
        var member = new JsonObject { ["description"] = docs.Of(typeof(Entity), name), ["type"] = type };
        if (format is not null) member["format"] = format;
        return member;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
