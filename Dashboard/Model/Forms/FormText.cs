using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aedile.Dashboard.Model.Forms;

/// <summary>
/// What is typed into a control, as JSON, and back. What can't be meant stays as it was typed: the rules of the model
/// refuse it, with the words that programs get. Pure.
/// </summary>
internal static class FormText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>The value at a field's path; null when there is none.</summary>
    public static JsonNode? Find(JsonObject body, string path)
    {
        JsonNode? at = body;
        foreach (var name in path.Split('.')) at = (at as JsonObject)?[name];
        return at;
    }

    /// <summary>Puts a value at a field's path, if the part that it belongs to is there.</summary>
    public static void Put(JsonObject body, string path, JsonNode? value)
    {
        var dot = path.LastIndexOf('.');
        var owner = dot < 0 ? body : Find(body, path[..dot]) as JsonObject;
        if (owner is not null) owner[path[(dot + 1)..]] = value;
    }

    /// <summary>A value as its control shows it.</summary>
    public static string Show(FormField field, JsonNode? value) => (field.Kind, value) switch
    {
        (_, null) => "",
        (FieldKind.Lines, JsonArray list) => string.Join('\n', list.Select(PlainOf)),
        (FieldKind.Pairs, JsonObject pairs) => string.Join('\n', pairs.Select(p => $"{p.Key} = {PlainOf(p.Value)}")),
        (FieldKind.Json, _) or (_, JsonObject or JsonArray) => Write(value),
        _ => PlainOf(value),
    };

    /// <summary>What was typed, as a value.</summary>
    public static JsonNode? Read(FormField field, string typed)
    {
        if (field.MayBeNull && field.Kind is not FieldKind.Lines && string.IsNullOrWhiteSpace(typed)) return null;
        return field.Kind switch
        {
            FieldKind.Flag => JsonValue.Create(typed is "true" or "True"),
            FieldKind.Number when decimal.TryParse(
                typed, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            FieldKind.Lines => LinesOf(field, typed),
            FieldKind.Pairs => PairsOf(typed),
            FieldKind.Json => TryParse(typed, out var value, out _) ? value : JsonValue.Create(typed),
            FieldKind.Moment => JsonValue.Create(MomentOf(typed.Trim())),
            FieldKind.Text => JsonValue.Create(typed.Trim()),
            _ => JsonValue.Create(typed),
        };
    }

    /// <summary>A body as people edit it.</summary>
    public static string Write(JsonNode? value) => value?.ToJsonString(Indented) ?? "null";

    /// <summary>Reads what people wrote.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="value">The value; null for <c>null</c> too.</param>
    /// <param name="fault">What is wrong, and where; null when nothing is.</param>
    public static bool TryParse(string text, out JsonNode? value, out string? fault)
    {
        (value, fault) = (null, null);
        try
        {
            value = JsonNode.Parse(text, documentOptions: Strict);
            return true;
        }
        catch (JsonException error)
        {
            // Its own numbers begin with 0, and people's with 1.
            var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var message = end < 0 ? error.Message : error.Message[..end];
            fault = string.Create(
                CultureInfo.InvariantCulture,
                $"Line {error.LineNumber + 1}, column {error.BytePositionInLine + 1}: {message}");
            return false;
        }
    }

    private static string PlainOf(JsonNode? value) => value switch
    {
        null => "null",
        _ when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static JsonArray? LinesOf(FormField field, string typed)
    {
        var lines = typed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 && field.MayBeNull
            ? null
            : new JsonArray([.. lines.Select(line => (JsonNode?)JsonValue.Create(line))]);
    }

    private static JsonObject PairsOf(string typed)
    {
        var pairs = new JsonObject();
        foreach (var line in typed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) pairs[line] = "";
            else pairs[line[..equals].TrimEnd()] = line[(equals + 1)..].TrimStart();
        }
        return pairs;
    }

    // "2026-03-01 12:00" is what people type; the wire wants a zone.
    private static string MomentOf(string typed) =>
        DateTimeOffset.TryParse(
            typed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment)
            ? moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
            : typed;
}
