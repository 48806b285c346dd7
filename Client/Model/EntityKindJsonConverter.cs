using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>Writes a kind as its name.</summary>
public sealed class EntityKindJsonConverter : JsonConverter<EntityKind>
{
    /// <inheritdoc/>
    public override EntityKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EntityKinds.Find(reader.GetString() ?? "") ?? throw new JsonException("This is no kind that is known here.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EntityKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}
