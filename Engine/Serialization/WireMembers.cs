using System.Reflection;
using Orleans;

namespace Aedile.Engine.Serialization;

/// <summary>Finds the members of a type that cross the wire.</summary>
internal static class WireMembers
{
    /// <summary>How many numbers one level of a hierarchy may use.</summary>
    private const uint LevelSize = 256;

    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>
    /// Returns the members of a type, those of its bases first, each with a number unique in its list.
    /// </summary>
    /// <remarks>
    /// Each level of a hierarchy numbers its own members, so the numbers of a level are moved behind those of its
    /// bases by <see cref="LevelSize"/>. The parameters of a positional record count from 0, unless they say otherwise.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Two members of one level have the same number.</exception>
    public static IReadOnlyList<WireMember> Of(Type type)
    {
        var levels = new Stack<Type>();
        for (var level = type; level != typeof(object) && level != typeof(ValueType); level = level.BaseType!)
            levels.Push(level);

        var constructor = ConstructorOf(type);
        var members = new List<WireMember>();
        var offset = 0u;
        foreach (var level in levels)
        {
            members.AddRange(OfLevel(level, constructor, offset));
            offset += LevelSize;
        }

        if (members.GroupBy(member => member.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException(
                $"{type} numbers {string.Join(" and ", twice.Select(member => member.Source.Name))} alike.");
        }

        return members;
    }

    /// <summary>
    /// Returns the constructor whose parameters are members: a positional record's, or the one without any.
    /// </summary>
    public static ConstructorInfo? ConstructorOf(Type type) => type
        .GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(candidate => candidate.GetParameters() is not [var only] || only.ParameterType != type)
        .Where(candidate => candidate.GetParameters().All(parameter => PropertyFor(type, parameter) is not null))
        .OrderByDescending(candidate => candidate.GetParameters().Length)
        .FirstOrDefault();

    private static IEnumerable<WireMember> OfLevel(Type level, ConstructorInfo? constructor, uint offset)
    {
        var ownParameters = ConstructorOf(level)?.GetParameters() ?? [];
        foreach (var property in level.GetProperties(Declared).Where(IsStored))
        {
            var declared = Array.Find(ownParameters, parameter => Matches(property, parameter));
            var id = property.GetCustomAttribute<IdAttribute>()?.Id ?? declared?.GetCustomAttribute<IdAttribute>()?.Id;
            if (id is null && declared is null) continue; // Not numbered: it does not cross the wire.
            var parameter = Array.Find(constructor?.GetParameters() ?? [], taken => Matches(property, taken));
            yield return new WireMember(
                offset + (id ?? (uint)declared!.Position), property.PropertyType, property, parameter);
        }

        foreach (var field in level.GetFields(Declared))
        {
            if (field.GetCustomAttribute<IdAttribute>() is { } numbered)
                yield return new WireMember(offset + numbered.Id, field.FieldType, field, null);
        }
    }

    private static PropertyInfo? PropertyFor(Type type, ParameterInfo parameter) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .FirstOrDefault(property => Matches(property, parameter));

    private static bool Matches(PropertyInfo property, ParameterInfo parameter) =>
        property.PropertyType == parameter.ParameterType
        && string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase);

    // Overrides belong to the level that declares them first; computed and indexed properties hold nothing.
    private static bool IsStored(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0
        && property.GetMethod is { } getter && getter.GetBaseDefinition() == getter
        && property.Name != "EqualityContract";
}
