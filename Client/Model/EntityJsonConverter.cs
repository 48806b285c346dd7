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
        var shape = JsonSerializer.Deserialize<Shape>(ref reader, options) ?? throw new JsonException();
        var spec = shape.Spec.Deserialize(shape.Kind.SpecType, options) as EntitySpec;
        return new Entity(
            shape.Kind, shape.Id, shape.Name, shape.CreatedAt, shape.UpdatedAt, shape.Version,
            shape.Tags.IsEmpty ? Entity.NoTags : Entity.NoTags.AddRange(shape.Tags),
            spec ?? throw new JsonException("An entity has a spec."));
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

    private sealed record Shape(
        EntityKind Kind, EntityId Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version,
        ImmutableSortedDictionary<string, string> Tags, JsonElement Spec);
}
