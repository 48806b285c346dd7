namespace Aedile.Engine.Serialization;

/// <summary>A type that stands for its subtypes. Only subtypes that were found in the application's assemblies
/// and have an alias can be read: the wire never names a type to load.</summary>
internal sealed class SubtypeCodec<T> : Codec<T>
    where T : class
{
    private readonly Dictionary<Type, Subtype> _byType = [];
    private readonly Dictionary<string, Subtype> _byAlias = new(StringComparer.Ordinal);

    /// <summary>For values of exactly this type; null when it is abstract.</summary>
    public RecordCodec<T>? Own { private get; set; }

    public override bool IsMissing(T value) => value is null;

    public override WireKind KindOf(T value) =>
        Own is not null && value.GetType() == typeof(T) ? WireKind.Object : WireKind.Named;

    /// <summary>Adds a subtype. Done after the codec exists: a hierarchy may contain itself.</summary>
    public void Add<TSub>(string alias, RecordCodec<TSub> codec)
        where TSub : T
    {
        var subtype = new Subtype(alias, (w, v) => codec.Write(w, (TSub)v), reader => codec.ReadMembers(reader));
        _byType.Add(typeof(TSub), subtype);
        _byAlias.Add(alias, subtype);
    }

    public override void Write(WireWriter writer, T value)
    {
        if (KindOf(value) == WireKind.Object)
        {
            Own!.Write(writer, value);
            return;
        }

        if (!_byType.TryGetValue(value.GetType(), out var subtype))
        {
            throw new WireException(
                $"{value.GetType()} needs [GenerateSerializer] and [Alias] to cross the wire as {typeof(T)}.");
        }

        writer.Text(subtype.Alias);
        subtype.Write(writer, value);
    }

    public override T Read(WireReader reader, WireKind kind)
    {
        if (kind == WireKind.Object && Own is not null) return Own.Read(reader, kind);
        Expect(WireKind.Named, kind);
        var alias = reader.Text();
        return _byAlias.TryGetValue(alias, out var subtype)
            ? subtype.Read(reader)
            : throw new WireException($"'{alias}' is no known subtype of {typeof(T)}: the sender may be newer.");
    }

    private sealed record Subtype(string Alias, Action<WireWriter, T> Write, Func<WireReader, T> Read);
}
