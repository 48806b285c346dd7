using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Serialization;

/// <summary>Judges whether values of a type may be shared by caller and grain, and can cross the wire.</summary>
/// <param name="converted">Foreign types that cross the wire by a converter.</param>
internal sealed class ContractTypes(IReadOnlySet<Type> converted)
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly HashSet<Type> _seen = [];
    private readonly List<Type> _observers = [];

    /// <summary>Returns each fault of a type once, and of the types it is made of; empty when it is fine.</summary>
    public IEnumerable<string> FaultsOf(Type type)
    {
        if (WireTypes.IsLeaf(type) || converted.Contains(type) || !_seen.Add(type)) return [];
        if (typeof(IAddressable).IsAssignableFrom(type)) return FaultsOfReference(type);
        if (typeof(Exception).IsAssignableFrom(type)) return [];
        if (Nullable.GetUnderlyingType(type) is { } inner) return FaultsOf(inner);
        if (WireTypes.IsImmutableList(type) || WireTypes.IsImmutableMap(type))
            return type.GetGenericArguments().SelectMany(FaultsOf);
        if (type.IsGenericParameter) return [];
        if (type.IsArray)
            return [$"{type.Name} can be changed: use ImmutableArray, or ReadOnlyMemory<byte> for bytes."];
        return FaultsOfRecord(type);
    }

    /// <summary>Returns the contracts of observers that were met since the last time.</summary>
    public IReadOnlyList<Type> TakeObservers()
    {
        List<Type> taken = [.. _observers];
        _observers.Clear();
        return taken;
    }

    private IEnumerable<string> FaultsOfReference(Type type)
    {
        if (!type.IsInterface) return [$"{type} is a class: references have the type of a contract."];
        if (typeof(IGrainObserver).IsAssignableFrom(type) && type != typeof(IGrainObserver)) _observers.Add(type);
        return [];
    }

    private IEnumerable<string> FaultsOfRecord(Type type)
    {
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            yield return $"{type} is neither a known immutable type nor has it [GenerateSerializer].";
            yield break;
        }

        if (!type.IsDefined(typeof(AliasAttribute), inherit: false)) yield return $"{type} has no [Alias].";
        foreach (var property in type.GetProperties(Members).Where(IsChangeable))
            yield return $"{type}.{property.Name} can be set after construction: make it init-only.";
        foreach (var field in type.GetFields(Members).Where(field => !field.IsPrivate && !field.IsInitOnly))
            yield return $"{type}.{field.Name} is a field that can be changed.";

        var used = WireMembers.Of(type).Select(member => member.Type).Concat(KnownSubtypes(type));
        foreach (var fault in used.SelectMany(FaultsOf)) yield return fault;
    }

    // The rules are for what the contract can carry, and an abstract record carries its subtypes.
    private static IEnumerable<Type> KnownSubtypes(Type type) => type.IsSealed || type.IsValueType
        ? []
        : type.Assembly.GetTypes().Where(candidate => candidate.BaseType == type);

    private static bool IsChangeable(PropertyInfo property) =>
        property.SetMethod is { } setter && !setter.ReturnParameter.GetRequiredCustomModifiers()
            .Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
}
