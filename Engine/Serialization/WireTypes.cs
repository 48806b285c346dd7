using System.Collections.Immutable;

namespace Aedile.Engine.Serialization;

/// <summary>Types that need no attributes to cross the wire.</summary>
internal static class WireTypes
{
    private static readonly HashSet<Type> Leaves =
    [
        typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int),
        typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(string),
        typeof(Guid), typeof(DateTimeOffset), typeof(DateTime), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Uri), typeof(ReadOnlyMemory<byte>),
    ];

    private static readonly HashSet<Type> ImmutableLists =
    [
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
    ];

    private static readonly HashSet<Type> ImmutableMaps =
        [typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>)];

    public static bool IsLeaf(Type type) => type.IsEnum || Leaves.Contains(type);

    public static bool IsImmutableList(Type type) => IsOneOf(type, ImmutableLists);

    public static bool IsImmutableMap(Type type) => IsOneOf(type, ImmutableMaps);

    private static bool IsOneOf(Type type, HashSet<Type> definitions) =>
        type.IsGenericType && definitions.Contains(type.GetGenericTypeDefinition());
}
