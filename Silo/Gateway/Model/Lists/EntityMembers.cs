using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>
/// Every member that the entities of a kind have, as JSON names them. Found out once for each kind, from the metadata
/// that JSON is written by: reading a member then looks nothing up.
/// </summary>
internal sealed class EntityMembers
{
    private const string TagsPrefix = "tags.";

    private static readonly FrozenDictionary<EntityKind, Lazy<EntityMembers>> All = EntityKinds.All.ToFrozenDictionary(
        kind => kind, kind => new Lazy<EntityMembers>(() => new EntityMembers(kind)));

    private readonly EntityKind _kind;
    private readonly FrozenDictionary<string, EntityMember> _members;

    private EntityMembers(EntityKind kind)
    {
        _kind = kind;
        var members = new List<EntityMember>
        {
            new("kind", MemberType.Text, static entity => entity.Kind.Name, []),
            new("id", MemberType.Text, static entity => entity.Id.Value, []),
            new("name", MemberType.Text, static entity => entity.Name, []),
            new("createdAt", MemberType.Time, static entity => entity.CreatedAt, []),
            new("updatedAt", MemberType.Time, static entity => entity.UpdatedAt, []),
            new("version", MemberType.Number, static entity => (decimal)entity.Version, []),
            new("tags", MemberType.Texts, static entity => entity.Tags.Keys, []),
            new("spec", MemberType.Parts, static entity => entity.Spec, []),
        };
        AddParts(members, kind.SpecType, "spec.", static entity => entity.Spec);
        _members = members.ToFrozenDictionary(member => member.Path, StringComparer.Ordinal);
    }

    /// <summary>All paths, in ordinal order; of tags only that there are some.</summary>
    public IEnumerable<string> Paths => _members.Keys.Order(StringComparer.Ordinal);

    /// <summary>The members of a kind's entities.</summary>
    public static EntityMembers Of(EntityKind kind) => All[kind].Value;

    /// <summary>The member at a path; null when the kind has none there. Every tag is a member.</summary>
    public EntityMember? Find(string path)
    {
        if (_members.GetValueOrDefault(path) is { } member) return member;
        if (!path.StartsWith(TagsPrefix, StringComparison.Ordinal) || path.Length == TagsPrefix.Length) return null;
        var tag = path[TagsPrefix.Length..];
        return new EntityMember(path, MemberType.Text, entity => entity.Tags.GetValueOrDefault(tag), []);
    }

    /// <summary>What to say to who asks for a member that isn't there.</summary>
    public string DescribeMissing(string path) =>
        $"{_kind.Plural} have no member '{path}'. They have {string.Join(", ", Paths)}, and any tag as tags.NAME.";

    private static void AddParts(
        List<EntityMember> members, Type type, string prefix, Func<Entity, object?> whole)
    {
        foreach (var property in Wire.Json.GetTypeInfo(type).Properties)
        {
            if (property.Get is not { } get) continue;
            var path = prefix + property.Name;
            object? Take(Entity entity) => whole(entity) is { } value ? get(value) : null;
            var valueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var member = Describe(path, valueType, Take);
            members.Add(member);
            if (member.Type is MemberType.Parts && Wire.Json.GetTypeInfo(valueType).Kind is JsonTypeInfoKind.Object)
                AddParts(members, valueType, path + ".", Take);
        }
    }

    private static EntityMember Describe(string path, Type type, Func<Entity, object?> take)
    {
        if (type == typeof(string)) return new(path, MemberType.Text, take, []);
        if (type == typeof(bool)) return new(path, MemberType.Flag, take, []);
        if (type == typeof(DateTimeOffset)) return new(path, MemberType.Time, take, []);
        if (type.IsEnum) return DescribeEnum(path, type, take);
        if (type.IsPrimitive || type == typeof(decimal))
            return new(path, MemberType.Number, entity => ToNumber(take(entity)), []);
        var shape = Wire.Json.GetTypeInfo(type);
        return shape.Kind switch
        {
            JsonTypeInfoKind.None => new(path, MemberType.Text, entity => take(entity)?.ToString(), []),
            JsonTypeInfoKind.Enumerable when IsText(shape.ElementType!) =>
                new(path, MemberType.Texts, entity => ToTexts(take(entity)), []),
            _ => new(path, MemberType.Parts, take, []),
        };
    }

    private static EntityMember DescribeEnum(string path, Type type, Func<Entity, object?> take)
    {
        var names = Enum.GetValues(type).Cast<object>().ToFrozenDictionary(
            value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!));
        return new EntityMember(
            path, MemberType.Text, entity => take(entity) is { } value ? names.GetValueOrDefault(value) : null,
            [.. names.Values.Where(name => name != "unknown").Order(StringComparer.Ordinal)]);
    }

    private static bool IsText(Type item) =>
        item == typeof(string)
        || (Wire.Json.GetTypeInfo(item).Kind is JsonTypeInfoKind.None && !item.IsPrimitive && !item.IsEnum);

    private static decimal? ToNumber(object? value) =>
        value is null ? null : Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    private static IEnumerable<string>? ToTexts(object? value) => value switch
    {
        null => null,
        IEnumerable<string> texts => texts,
        IEnumerable items => items.Cast<object>().Select(item => item.ToString() ?? ""),
        _ => [],
    };
}
