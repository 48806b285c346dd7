using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Aedile.Client;

/// <summary>How JSON doesn't fit a record.</summary>
public enum ShapeRule
{
    /// <summary>Never used.</summary>
    Unknown,

    /// <summary>The record has no such member.</summary>
    UnknownField,

    /// <summary>A member that must be there isn't.</summary>
    MissingField,

    /// <summary>A value is of another type.</summary>
    WrongType,
}

/// <summary>Where JSON doesn't fit the record that it shall become.</summary>
/// <param name="Rule">How.</param>
/// <param name="Field">Path of the member, as in <c>spec.nodes[2]</c>; empty for the whole.</param>
/// <param name="Expected">What a value of another type should be, as in <c>a string</c>; empty otherwise.</param>
public sealed record ShapeFault(ShapeRule Rule, string Field, string Expected = "");

/// <summary>
/// Compares JSON with the record that it shall become, and names the first field that doesn't fit by its path. What is
/// inside a value (a name that doesn't parse) only the deserializer sees.
/// </summary>
public static class WireShape
{
    /// <summary>The first fault; null when the shape is right.</summary>
    /// <param name="value">The JSON.</param>
    /// <param name="type">The record.</param>
    /// <param name="path">What stands before the members' names in a fault; empty for none.</param>
    /// <exception cref="InvalidOperationException">It holds text that is not valid Unicode.</exception>
    public static ShapeFault? Check(JsonElement value, Type type, string path) =>
        value.ValueKind is JsonValueKind.Object
            ? CheckMembers(value, Wire.Json.GetTypeInfo(type), path)
            : TypeFault(path, "an object");

    private static ShapeFault? CheckMembers(JsonElement value, JsonTypeInfo type, string path)
    {
        foreach (var member in value.EnumerateObject())
        {
            var field = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var property = type.Properties.FirstOrDefault(one => one.Name == member.Name);
            if (property is null) return new ShapeFault(ShapeRule.UnknownField, field);
            if (CheckValue(member.Value, property, field) is { } fault) return fault;
        }

        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is not { HasDefaultValue: false }) continue;
            if (value.TryGetProperty(property.Name, out _)) continue;
            var field = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            return new ShapeFault(ShapeRule.MissingField, field);
        }

        return null;
    }

    private static ShapeFault? CheckValue(JsonElement value, JsonPropertyInfo property, string field)
    {
        if (value.ValueKind is JsonValueKind.Null)
            return property.IsSetNullable ? null : TypeFault(field, "a value: null is none");
        if (property.PropertyType == typeof(JsonElement)) return null; // Looked at by who knows its type.
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return Wire.Json.GetTypeInfo(type).Kind switch
        {
            JsonTypeInfoKind.Object => Check(value, type, field),
            JsonTypeInfoKind.Enumerable when value.ValueKind is not JsonValueKind.Array => TypeFault(field, "an array"),
            JsonTypeInfoKind.Enumerable => CheckItems(value, type, field),
            JsonTypeInfoKind.Dictionary when value.ValueKind is not JsonValueKind.Object =>
                TypeFault(field, "an object"),
            JsonTypeInfoKind.Dictionary => CheckTexts(value, field),
            _ => CheckScalar(value, type, field),
        };
    }

    private static ShapeFault? CheckItems(JsonElement array, Type type, string field)
    {
        var item = Wire.Json.GetTypeInfo(type).ElementType!;
        foreach (var (place, value) in array.EnumerateArray().Index())
        {
            var path = $"{field}[{place}]";
            if (value.ValueKind is JsonValueKind.Null) return TypeFault(path, "a value: null is none");
            var fault = Wire.Json.GetTypeInfo(item).Kind is JsonTypeInfoKind.Object
                ? Check(value, item, path)
                : CheckScalar(value, item, path);
            if (fault is not null) return fault;
        }

        return null;
    }

    private static ShapeFault? CheckTexts(JsonElement map, string field) => map.EnumerateObject()
        .Where(member => member.Value.ValueKind is not JsonValueKind.String)
        .Select(member => TypeFault($"{field}.{member.Name}", "a string")).FirstOrDefault();

    private static ShapeFault? CheckScalar(JsonElement value, Type type, string field)
    {
        // The rules for reading are lenient with numbers in quotes, as others' configuration files have them.
        if (value.ValueKind is JsonValueKind.String && type.IsPrimitive) return TypeFault(field, Describe(type));
        try
        {
            value.Deserialize(type, Wire.Json);
            return null;
        }
        catch (JsonException)
        {
            return TypeFault(field, Describe(type));
        }
    }

    private static string Describe(Type type)
    {
        if (type == typeof(string)) return "a string";
        if (type == typeof(bool)) return "true or false";
        if (type.IsEnum)
        {
            var names = Enum.GetNames(type).Where(name => name != "Unknown");
            return "one of " + string.Join(", ", names.Select(JsonNamingPolicy.CamelCase.ConvertName));
        }

        return type.IsPrimitive ? "a number" : $"a {type.Name}, as text";
    }

    private static ShapeFault TypeFault(string field, string expected) => new(ShapeRule.WrongType, field, expected);
}
