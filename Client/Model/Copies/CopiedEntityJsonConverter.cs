using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model.Copies;

/// <summary>Writes an entity's text as it is, and takes it back byte for byte: its digest rests on that.</summary>
public sealed class CopiedEntityJsonConverter : JsonConverter<CopiedEntity>
{
    /// <inheritdoc/>
    public override CopiedEntity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var entity = document.RootElement;
        return entity.ValueKind is JsonValueKind.Object
            ? new CopiedEntity(TextOf(entity, "kind"), TextOf(entity, "id"), entity.GetRawText())
            : throw new JsonException("An entity is an object.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CopiedEntity value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Text, skipInputValidation: true); // We wrote it, or took it as valid.

    private static string TextOf(JsonElement entity, string member) =>
        entity.TryGetProperty(member, out var found) && found.ValueKind is JsonValueKind.String
            && found.GetString() is { Length: > 0 } text
            ? text
            : throw new JsonException($"An entity has its {member}.");
}
