using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>
/// JSON Schemas of the wire's records, made from the metadata that JSON is written by. A record is described once and
/// referred to by its name.
/// </summary>
internal sealed class OpenApiSchemas(XmlDocs docs)
{
    private const string Place = "#/components/schemas/";

    // In quotes the silo takes no numbers, whatever the web's defaults say.
    private static readonly JsonSerializerOptions Rules = new(Wire.Json)
    {
        NumberHandling = JsonNumberHandling.Strict,
    };

    // Whatever has one of these is more than a default.
    private static readonly string[] Says = ["type", "$ref", "anyOf", "enum"];

    private readonly SortedDictionary<string, JsonNode> _named = new(StringComparer.Ordinal);

    /// <summary>All that were referred to, by name.</summary>
    public JsonObject Named => new(_named.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>The schema of a type where it is used.</summary>
    public JsonNode Of(Type type)
    {
        if (type == typeof(Entity)) return OfEntities();
        if (type == typeof(EntityDraftDocument)) return OfDrafts();
        return IsRecord(Rules.GetTypeInfo(type)) ? Refer(type) : Write(type);
    }

    private JsonObject Refer(Type type)
    {
        var name = NameOf(type);
        if (_named.TryAdd(name, new JsonObject())) _named[name] = Write(type);
        return Reference(name);
    }

    private JsonNode Write(Type type)
    {
        var schema = Rules.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, type),
        });
        if (schema is JsonObject whole && whole["properties"] is JsonObject members) Complete(members, type);
        return schema;
    }

    // The exporter knows nothing of types with a converter of their own: where one has a default or is an array's item,
    // it leaves them out without asking.
    private void Complete(JsonObject members, Type type)
    {
        foreach (var property in Rules.GetTypeInfo(type).Properties)
        {
            var member = members[property.Name] as JsonObject ?? [];
            var bare = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var info = Rules.GetTypeInfo(bare);
            if (info.Kind is JsonTypeInfoKind.Enumerable && !member.ContainsKey("items"))
                member["items"] = ShowItem(info.ElementType!);
            if (Says.Any(member.ContainsKey)) continue;
            var shown = Show(bare, new JsonObject(), property.IsGetNullable);
            Explain(shown, property);
            if (shown is JsonObject said && member.ContainsKey("default")) said["default"] = null;
            members[property.Name] = shown;
        }
    }

    private JsonNode ShowItem(Type item) => Show(item, new JsonObject(), isNullable: false);

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, Type root)
    {
        var declared = context.TypeInfo.Type;
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var isNullable = declared != type || context.PropertyInfo is { IsGetNullable: true };
        var isRoot = context.PropertyInfo is null && type == root;
        var shown = isRoot ? node : Show(type, node, isNullable);
        if (context.PropertyInfo is { } property) Explain(shown, property);
        else if (isRoot && docs.Of(type) is { } description) Explain(shown, description);
        return shown;
    }

    private void Explain(JsonNode schema, JsonPropertyInfo property)
    {
        if (property.AttributeProvider is MemberInfo member
            && docs.Of(property.DeclaringType, member.Name) is { } description) Explain(schema, description);
    }

    // First, where readers look for it.
    private static void Explain(JsonNode schema, string description)
    {
        if (schema is JsonObject members && !members.ContainsKey("description"))
            members.Insert(0, "description", description);
    }

    private JsonNode Show(Type type, JsonNode node, bool isNullable)
    {
        if (type == typeof(Entity)) return OrNull(OfEntities(), isNullable);
        if (type == typeof(EntityKind))
            return new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. EntityKinds.All.Select(JsonNode (kind) => kind.Name)]),
            };
        if (type == typeof(JsonElement)) return new JsonObject();
        var info = Rules.GetTypeInfo(type);
        if (IsRecord(info)) return OrNull(Refer(type), isNullable);
        // What has a converter of its own is a text that the exporter knows nothing of.
        return info.Kind is JsonTypeInfoKind.None && node is not JsonObject { Count: > 0 }
            ? new JsonObject { ["type"] = isNullable ? new JsonArray("string", "null") : "string" }
            : node;
    }

    private static JsonObject OrNull(JsonObject schema, bool isNullable) => isNullable
        ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) }
        : schema;

    private JsonObject OfEntities()
    {
        if (!_named.TryAdd("Entity", new JsonObject())) return Reference("Entity");
        var mapping = new JsonObject();
        var all = new JsonArray();
        foreach (var kind in EntityKinds.All)
        {
            var name = ShortNameOf(kind) + "Entity";
            _named[name] = KindSchemas.OfEntity(kind, Refer(kind.SpecType), docs);
            mapping[kind.Name] = Place + name;
            all.Add(Reference(name));
        }

        _named["Entity"] = new JsonObject
        {
            ["description"] = docs.Of(typeof(Entity)),
            ["oneOf"] = all,
            ["discriminator"] = new JsonObject { ["propertyName"] = "kind", ["mapping"] = mapping },
        };
        return Reference("Entity");
    }

    private JsonObject OfDrafts()
    {
        if (!_named.TryAdd("EntityDraft", new JsonObject())) return Reference("EntityDraft");
        var all = new JsonArray();
        foreach (var kind in EntityKinds.All)
        {
            var name = ShortNameOf(kind) + "Draft";
            _named[name] = KindSchemas.OfDraft(kind, Refer(kind.SpecType), docs);
            all.Add(Reference(name));
        }

        _named["EntityDraft"] = new JsonObject
        {
            ["description"] = "What a writer says of an entity; the kind stands in the address.",
            ["anyOf"] = all,
        };
        return Reference("EntityDraft");
    }

    private static bool IsRecord(JsonTypeInfo info) =>
        info.Kind is JsonTypeInfoKind.Object && info.Type != typeof(object);

    private static JsonObject Reference(string name) => new() { ["$ref"] = Place + name };

    private static string ShortNameOf(EntityKind kind) => kind.SpecType.Name[..^"Spec".Length];

    private static string NameOf(Type type) => type.IsConstructedGenericType
        ? type.Name.Split('`')[0] + "Of" + string.Concat(type.GenericTypeArguments.Select(NameOf))
        : type.Name;
}
