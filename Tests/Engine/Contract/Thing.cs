using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aedile.Tests.Engine;

/// <summary>State for tests of storages.</summary>
public sealed record Thing
{
    public int Number { get; init; }

    public ThingId Id { get; init; }
}

/// <summary>An id that JSON knows only by a converter.</summary>
public readonly record struct ThingId(string Value);

/// <summary>Writes <see cref="ThingId"/> as its text, with a mark that shows that it was used.</summary>
public sealed class ThingIdConverter : JsonConverter<ThingId>
{
    public const string Used = $"by {nameof(ThingIdConverter)} ";

    public override ThingId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        return text.StartsWith(Used, StringComparison.Ordinal)
            ? new ThingId(text[Used.Length..])
            : throw new JsonException("It was not written by the converter.");
    }

    public override void Write(Utf8JsonWriter writer, ThingId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Used + value.Value);
}
