using System.Collections.Immutable;
using System.Reflection;
using Aedile.Engine.Enumerations;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Serialization;

/// <summary>Finds or makes the codec of a type. Made once for each type; the wire has no say in it.</summary>
internal sealed class Codecs
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly Lock _lock = new();
    private readonly Dictionary<Type, object> _codecs = [];
    private readonly ImmutableArray<(Type Type, string Alias)> _aliases;
    private readonly Dictionary<Type, (Type Converter, Type Surrogate)> _converters;
    private readonly KnownExceptions _exceptions;
    private readonly bool _withStacks;

    /// <param name="types">The types of the application: those with an alias, converters and exceptions are
    /// used.</param>
    /// <param name="withStacks">Whether errors carry their stacks. The text of a stack depends on what the compiler
    /// has inlined by then: bytes that must be the same in each run can't have it.</param>
    /// <exception cref="InvalidOperationException">Two types have one alias.</exception>
    public Codecs(IReadOnlyCollection<Type> types, bool withStacks = true)
    {
        _exceptions = new KnownExceptions(types);
        _withStacks = withStacks;
        _converters = Converters.In(types)
            .ToDictionary(found => found.Value, found => (found.Converter, found.Surrogate));
        _aliases =
        [
            .. from type in types
            where !type.IsInterface && type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)
            let alias = type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias
            where alias is not null
            select (type, alias),
        ];
        if (_aliases.GroupBy(known => known.Alias).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException(
                $"Alias '{twice.Key}' names {string.Join(" and ", twice.Select(known => known.Type))}.");
        }
    }

    /// <exception cref="InvalidOperationException">Values of this type can't cross the wire; the text says
    /// why.</exception>
    public Codec<T> For<T>()
    {
        lock (_lock) return (Codec<T>)Find(typeof(T));
    }

    /// <inheritdoc cref="For{T}"/>
    public object For(Type type)
    {
        lock (_lock) return Find(type);
    }

    private object Find(Type type)
    {
        if (LeafCodecs.Find(type) is { } leaf) return leaf;
        return _codecs.TryGetValue(type, out var known) ? known : Make(type);
    }

    private object Make(Type type)
    {
        if (_converters.TryGetValue(type, out var found)) return Keep(type, MakeSurrogate(type, found));
        if (type.IsEnum) return Keep(type, New(typeof(EnumCodec<>), [type]));
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Keep(type, New(typeof(NullableCodec<>), [inner], Find(inner)));
        if (type.IsArray) return Keep(type, New(typeof(ArrayCodec<>), [ElementOf(type)], Find(ElementOf(type))));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>))
        {
            var item = type.GetGenericArguments();
            return Keep(type, New(typeof(PageCodec<>), item, Find(item[0])));
        }

        if (CollectionFactories.Make(type, Find) is { } collection) return Keep(type, collection);
        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            return Keep(type, New(typeof(ReferenceCodec<>), [type]));
        if (typeof(Exception).IsAssignableFrom(type))
            return Keep(type, New(typeof(ExceptionCodec<>), [type], _exceptions, _withStacks));
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            throw new InvalidOperationException($"{type} can't cross the wire: it has no [GenerateSerializer].");
        return type.IsSealed || type.IsValueType ? RecordOf(type) : Invoke(nameof(MakeSubtypes), type);
    }

    private static Type ElementOf(Type array) => array.GetElementType()!;

    private object MakeSurrogate(Type type, (Type Converter, Type Surrogate) found) => New(
        typeof(SurrogateCodec<,>), [type, found.Surrogate],
        Activator.CreateInstance(found.Converter, nonPublic: true)!, Find(found.Surrogate));

    private object RecordOf(Type type) => _codecs.TryGetValue(KeyOfRecord(type), out var known)
        ? known
        : Invoke(nameof(MakeRecord), type);

    // A base type that is not abstract has two codecs: for values declared as it, and for its own members.
    private static Type KeyOfRecord(Type type) =>
        type.IsSealed || type.IsValueType ? type : typeof(RecordCodec<>).MakeGenericType(type);

    private RecordCodec<T> MakeRecord<T>()
    {
        // Kept before its code exists, because its members may refer to it.
        var codec = (RecordCodec<T>)Keep(KeyOfRecord(typeof(T)), new RecordCodec<T>());
        var members = WireMembers.Of(typeof(T)).OrderBy(member => member.Id).ToList();
        codec.Use(RecordCompiler.Writer<T>(members, Find), RecordCompiler.Reader<T>(members, Find));
        return codec;
    }

    private SubtypeCodec<T> MakeSubtypes<T>()
        where T : class
    {
        var codec = (SubtypeCodec<T>)Keep(typeof(T), new SubtypeCodec<T>());
        if (!typeof(T).IsAbstract) codec.Own = (RecordCodec<T>)RecordOf(typeof(T));
        foreach (var (type, alias) in _aliases.Where(known => known.Type != typeof(T) && !known.Type.IsAbstract))
        {
            if (!typeof(T).IsAssignableFrom(type)) continue;
            typeof(SubtypeCodec<T>).GetMethod(nameof(SubtypeCodec<>.Add))!
                .MakeGenericMethod(type).Invoke(codec, [alias, RecordOf(type)]);
        }

        return codec;
    }

    private object Invoke(string method, Type type) =>
        typeof(Codecs).GetMethod(method, Own)!.MakeGenericMethod(type)
            .Invoke(this, BindingFlags.DoNotWrapExceptions, null, null, null)!;

    private static object New(Type definition, Type[] arguments, params object[] values) =>
        Activator.CreateInstance(definition.MakeGenericType(arguments), values)!;

    private object Keep(Type type, object codec)
    {
        _codecs[type] = codec;
        return codec;
    }
}
