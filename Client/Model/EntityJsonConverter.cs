using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>
/// An entity as JSON, the members always in the same order: equal entities have equal bytes, so digests rest on it.
/// </summary>
public sealed class EntityJsonConverter : JsonConverter<Entity>
{
    /// <inheritdoc/>
    public override Entity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An entity is an object.");
        var parts = default(Parts);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString()!;
            reader.Read();
            ReadMember(ref parts, member, ref reader, options);
        }

        // It came before its kind.
        if (parts is { Spec: null, Unread: { } unread, Kind: { } known })
            parts.Spec = unread.Deserialize(known.SpecType, options) as EntitySpec;
        return parts is
        {
            Kind: { } kind, Id: { } id, Name: { } name, CreatedAt: { } created, UpdatedAt: { } updated,
            Version: { } version, Tags: { } tags, Spec: { } spec,
        }
            ? new Entity(kind, id, name, created, updated, version, tags, spec)
            : throw new JsonException(
                "An entity has a kind, id, name, createdAt, updatedAt, version, tags and a spec.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Entity value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, value.Kind.Name);
        writer.WriteString("id"u8, value.Id.Value);
        writer.WriteString("name"u8, value.Name);
        writer.WriteString("createdAt"u8, value.CreatedAt);
        writer.WriteString("updatedAt"u8, value.UpdatedAt);
        writer.WriteNumber("version"u8, value.Version);
        writer.WriteStartObject("tags"u8);
        foreach (var (name, text) in value.Tags) writer.WriteString(name, text);
        writer.WriteEndObject();
        writer.WritePropertyName("spec"u8);
        JsonSerializer.Serialize(writer, value.Spec, value.Kind.SpecType, options);
        writer.WriteEndObject();
    }

    private static void ReadMember(
        ref Parts parts, string member, ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        switch (member)
        {
            case "kind": parts.Kind = JsonSerializer.Deserialize<EntityKind>(ref reader, options); break;
            case "id": parts.Id = JsonSerializer.Deserialize<EntityId>(ref reader, options); break;
            case "name": parts.Name = reader.GetString(); break;
            case "createdAt": parts.CreatedAt = reader.GetDateTimeOffset(); break;
            case "updatedAt": parts.UpdatedAt = reader.GetDateTimeOffset(); break;
            case "version": parts.Version = reader.GetInt64(); break;
            case "tags": parts.Tags = ReadTags(ref reader); break;
            case "spec" when parts.Kind is { } kind:
                parts.Spec = JsonSerializer.Deserialize(ref reader, kind.SpecType, options) as EntitySpec;
                break;
            case "spec": parts.Unread = JsonElement.ParseValue(ref reader); break;
            default: throw new JsonException($"An entity has no member '{member}'.");
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadTags(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Tags are an object.");
        ImmutableSortedDictionary<string, string>.Builder? tags = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            tags ??= Entity.NoTags.ToBuilder();
            tags[name] = reader.GetString() ?? throw new JsonException("A tag is a text.");
        }

        return tags?.ToImmutable() ?? Entity.NoTags;
    }

    private record struct Parts
    {
        public EntityKind? Kind { get; set; }
        public EntityId? Id { get; set; }
        public string? Name { get; set; }
        public DateTimeOffset? CreatedAt { get; set; }
        public DateTimeOffset? UpdatedAt { get; set; }
        public long? Version { get; set; }
        public ImmutableSortedDictionary<string, string>? Tags { get; set; }
        public EntitySpec? Spec { get; set; }
        public JsonElement? Unread { get; set; }
    }
}
