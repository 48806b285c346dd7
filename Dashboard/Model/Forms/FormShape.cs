using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Dashboard.Model.Forms;

/// <summary>
/// The form of a kind, from the same metadata that its JSON is written by: a new kind has its form without a line of
/// code. Pure; found out once for each kind.
/// </summary>
public sealed class FormShape
{
    private const string Spec = "spec";
    private const string Unknown = "unknown";

    private FormShape(EntityKind kind) => Fields =
    [
        new FormField("name", "Name", FieldKind.Text, false, false, [], []),
        .. FieldsOf(kind.SpecType, Spec),
        new FormField("tags", "Tags", FieldKind.Pairs, false, false, [], []),
    ];

    /// <summary>Every field, in the order of the record's members.</summary>
    public ImmutableArray<FormField> Fields { get; }

    /// <summary>The form of a kind.</summary>
    public static FormShape Of(EntityKind kind) => new(kind);

    /// <summary>A body with nothing in it but what each kind of value begins with.</summary>
    public JsonObject Blank()
    {
        var body = new JsonObject { ["name"] = "", ["tags"] = new JsonObject(), [Spec] = new JsonObject() };
        foreach (var field in Fields.Where(field => field.Path.StartsWith(Spec + ".", StringComparison.Ordinal)))
            body[Spec]!.AsObject()[NameOf(field)] = BlankOf(field);
        return body;
    }

    /// <summary>What a part has before anything is typed into it.</summary>
    public static JsonNode? BlankOf(FormField field) => field switch
    {
        { MayBeNull: true } => null,
        { Kind: FieldKind.Flag } => JsonValue.Create(false),
        { Kind: FieldKind.Number } => JsonValue.Create(1),
        { Kind: FieldKind.Choice } => JsonValue.Create(field.Choices[0]),
        { Kind: FieldKind.Lines or FieldKind.Json } => new JsonArray(),
        { Kind: FieldKind.Pairs } => new JsonObject(),
        { Kind: FieldKind.Group } => BlankGroup(field),
        _ => JsonValue.Create(""),
    };

    /// <summary>A part that is there, with nothing typed into it.</summary>
    public static JsonObject BlankGroup(FormField group)
    {
        var part = new JsonObject();
        foreach (var member in group.Members) part[NameOf(member)] = BlankOf(member);
        return part;
    }

    /// <summary>The last step of a field's path.</summary>
    public static string NameOf(FormField field) => field.Path[(field.Path.LastIndexOf('.') + 1)..];

    /// <summary><c>replicationFactor</c> as people read it: <c>Replication factor</c>.</summary>
    public static string LabelOf(string name)
    {
        var label = new StringBuilder();
        foreach (var letter in name)
        {
            if (label.Length == 0) label.Append(char.ToUpperInvariant(letter));
            else if (char.IsUpper(letter)) label.Append(' ').Append(char.ToLowerInvariant(letter));
            else label.Append(letter);
        }
        return label.ToString() is ['I', 's', ' ', var first, .. var rest]
            ? char.ToUpperInvariant(first) + rest
            : label.ToString();
    }

    private static IEnumerable<FormField> FieldsOf(Type type, string prefix) =>
        from property in Wire.Json.GetTypeInfo(type).Properties
        where property.Get is not null
        select FieldOf(property, $"{prefix}.{property.Name}");

    private static FormField FieldOf(JsonPropertyInfo property, string path)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var mayBeNull = property.IsSetNullable;
        var kind = KindOf(type);
        return new FormField(
            path, LabelOf(property.Name), kind, property.AssociatedParameter is { HasDefaultValue: false }, mayBeNull,
            kind is FieldKind.Choice
                ? [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).Where(n => n != Unknown)]
                : [],
            kind is FieldKind.Group ? [.. FieldsOf(type, path)] : []);
    }

    private static FieldKind KindOf(Type type)
    {
        if (type == typeof(bool)) return FieldKind.Flag;
        if (type.IsEnum) return FieldKind.Choice;
        if (type.IsPrimitive || type == typeof(decimal)) return FieldKind.Number;
        if (type == typeof(DateTimeOffset)) return FieldKind.Moment;
        var shape = Wire.Json.GetTypeInfo(type);
        return shape.Kind switch
        {
            JsonTypeInfoKind.Object => FieldKind.Group,
            JsonTypeInfoKind.Dictionary => FieldKind.Pairs,
            JsonTypeInfoKind.Enumerable when IsText(shape.ElementType!) => FieldKind.Lines,
            JsonTypeInfoKind.Enumerable => FieldKind.Json,
            _ => FieldKind.Text,
        };
    }

    private static bool IsText(Type item) =>
        item == typeof(string) || item.IsEnum
        || (Wire.Json.GetTypeInfo(item).Kind is JsonTypeInfoKind.None && !item.IsPrimitive);
}
