using System.Collections.Immutable;
using System.Reflection;

namespace Aedile.Engine.Serialization;

/// <summary>Makes the codecs of the framework's immutable collections.</summary>
internal static class CollectionFactories
{
    private static readonly Dictionary<Type, string> Makers = new()
    {
        [typeof(ImmutableArray<>)] = nameof(OfArray),
        [typeof(ImmutableList<>)] = nameof(OfList),
        [typeof(ImmutableHashSet<>)] = nameof(OfHashSet),
        [typeof(ImmutableSortedSet<>)] = nameof(OfSortedSet),
        [typeof(ImmutableDictionary<,>)] = nameof(OfDictionary),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(OfSortedDictionary),
    };

    /// <returns>Null when the type is no such collection.</returns>
    public static object? Make(Type type, Func<Type, object> codecs)
    {
        if (!type.IsGenericType || !Makers.TryGetValue(type.GetGenericTypeDefinition(), out var maker)) return null;
        var arguments = type.GetGenericArguments();
        return typeof(CollectionFactories).GetMethod(maker, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(arguments).Invoke(null, [.. arguments.Select(codecs)])!;
    }

    private static ImmutableArrayCodec<T> OfArray<T>(Codec<T> element) => new(element);

    private static CollectionCodec<ImmutableList<T>, T> OfList<T>(Codec<T> element) =>
        new(element, items => [.. items]);

    private static CollectionCodec<ImmutableHashSet<T>, T> OfHashSet<T>(Codec<T> element) =>
        new(element, items => [.. items]);

    private static CollectionCodec<ImmutableSortedSet<T>, T> OfSortedSet<T>(Codec<T> element) =>
        new(element, items => [.. items]);

    private static MapCodec<ImmutableDictionary<TKey, TValue>, TKey, TValue> OfDictionary<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(key, value, items => items.ToImmutableDictionary());

    private static MapCodec<ImmutableSortedDictionary<TKey, TValue>, TKey, TValue> OfSortedDictionary<TKey, TValue>(
        Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => new(key, value, items => items.ToImmutableSortedDictionary());
}
