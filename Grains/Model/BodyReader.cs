using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>What a writer says about an entity.</summary>
/// <param name="Name">Null: as its id.</param>
/// <param name="Tags">Empty when there are none.</param>
/// <param name="Spec">What the kind adds.</param>
internal sealed record EntityDraft(string? Name, ImmutableSortedDictionary<string, string> Tags, EntitySpec Spec);

/// <summary>Why a body is none; the change that it belongs to is not known here.</summary>
internal sealed record BodyFault(WriteRule Rule, string? Field, string Detail);

/// <summary>Reads bodies of changes, and says precisely what is wrong with them. Pure.</summary>
internal static class BodyReader
{
    /// <summary>Most bytes that a body may have.</summary>
    public const int BytesMax = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Reads the body of a creation or an update.</summary>
    public static (EntityDraft? Draft, BodyFault? Fault) Read(EntityKind kind, string body)
    {
        if (Encoding.UTF8.GetByteCount(body) > BytesMax)
            return (null, new BodyFault(WriteRule.Size, null, $"A body may have {BytesMax} bytes."));
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return ReadDraft(kind, document.RootElement);
        }
        catch (JsonException error)
        {
            return (null, new BodyFault(WriteRule.Body, null, $"The body is not valid JSON: {error.Message}"));
        }
        catch (InvalidOperationException)
        {
            // Names and strings are decoded when they are looked at, not by the parser.
            return (null, new BodyFault(WriteRule.Body, null, "The body holds text that is not valid Unicode."));
        }
    }

    /// <summary>What an entity's body is after a merge (RFC 7396): members replace, null removes.</summary>
    /// <returns>The whole body; it is not checked yet.</returns>
    public static (string? Body, BodyFault? Fault) Merge(Entity entity, string patch)
    {
        if (Encoding.UTF8.GetByteCount(patch) > BytesMax)
            return (null, new BodyFault(WriteRule.Size, null, $"A body may have {BytesMax} bytes."));
        try
        {
            var change = JsonNode.Parse(patch, documentOptions: Strict);
            if (change is not JsonObject members)
                return (null, new BodyFault(WriteRule.Body, null, "A patch must be a JSON object."));
            var whole = JsonSerializer.SerializeToNode(entity, Wire.Json)!.AsObject();
            var body = new JsonObject();
            foreach (var field in (string[])["name", "tags", "spec"]) body[field] = whole[field]!.DeepClone();
            return (Merge(body, members)!.ToJsonString(), null);
        }
        catch (JsonException error)
        {
            return (null, new BodyFault(WriteRule.Body, null, $"The body is not valid JSON: {error.Message}"));
        }
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members) return patch?.DeepClone();
        var merged = target is JsonObject old ? old : [];
        foreach (var (name, value) in members)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = Merge(merged[name], value);
        }

        return merged;
    }

    private static (EntityDraft?, BodyFault?) ReadDraft(EntityKind kind, JsonElement body)
    {
        if (WireShape.Check(body, typeof(DraftShape), "") is { } fault) return (null, Explain(fault));
        var spec = body.GetProperty("spec");
        if (WireShape.Check(spec, kind.SpecType, "spec") is { } specFault) return (null, Explain(specFault));
        var shape = body.Deserialize<DraftShape>(Wire.Json)!;
        try
        {
            var tags = shape.Tags is { IsEmpty: false } ? Entity.NoTags.AddRange(shape.Tags) : Entity.NoTags;
            return (new EntityDraft(shape.Name, tags, (EntitySpec)spec.Deserialize(kind.SpecType, Wire.Json)!), null);
        }
        catch (JsonException error)
        {
            var field = error.Path is { Length: > 2 } path ? "spec." + path[2..] : "spec";
            return (null, new BodyFault(
                WriteRule.FieldType, field, $"The field '{field}' has a value of another kind."));
        }
    }

    private static BodyFault Explain(ShapeFault fault) => fault switch
    {
        { Rule: ShapeRule.UnknownField } => new(
            WriteRule.UnknownField, fault.Field, $"There is no field '{fault.Field}'."),
        { Rule: ShapeRule.MissingField } => new(
            WriteRule.MissingField, fault.Field, $"The field '{fault.Field}' is needed."),
        { Field: "" } => new(WriteRule.FieldType, null, $"The body must be {fault.Expected}."),
        _ => new(WriteRule.FieldType, fault.Field, $"The field '{fault.Field}' must be {fault.Expected}."),
    };

    private sealed record DraftShape(
        JsonElement Spec, string? Name = null, ImmutableSortedDictionary<string, string>? Tags = null);
}
