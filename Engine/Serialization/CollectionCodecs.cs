using System.Collections.Immutable;

namespace Aedile.Engine.Serialization;

/// <summary>A collection, as a sequence of its elements.</summary>
internal abstract class SequenceCodec<TCollection, TElement>(Codec<TElement> element) : Codec<TCollection>
{
    public override bool IsMissing(TCollection value) => value is null;

    public override WireKind KindOf(TCollection value) => WireKind.Sequence;

    public override void Write(WireWriter writer, TCollection value)
    {
        writer.Enter();
        writer.Varint((ulong)CountOf(value));
        foreach (var item in ItemsOf(value)) element.WriteElement(writer, item);
        writer.Leave();
    }

    public override TCollection Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Sequence, kind);
        reader.Enter();
        var items = new TElement[reader.Length()];
        for (var i = 0; i < items.Length; i++) items[i] = element.ReadElement(reader);
        reader.Leave();
        return Make(items);
    }

    protected abstract int CountOf(TCollection value);

    protected abstract IEnumerable<TElement> ItemsOf(TCollection value);

    protected abstract TCollection Make(TElement[] items);
}

internal sealed class ArrayCodec<T>(Codec<T> element) : SequenceCodec<T[], T>(element)
{
    protected override int CountOf(T[] value) => value.Length;

    protected override IEnumerable<T> ItemsOf(T[] value) => value;

    protected override T[] Make(T[] items) => items;
}

internal sealed class ImmutableArrayCodec<T>(Codec<T> element) : SequenceCodec<ImmutableArray<T>, T>(element)
{
    // A default array throws wherever it is used; a record from an older sender must be usable.
    public override ImmutableArray<T> Missing => [];

    public override bool IsMissing(ImmutableArray<T> value) => value.IsDefaultOrEmpty;

    protected override int CountOf(ImmutableArray<T> value) => value.IsDefault ? 0 : value.Length;

    protected override IEnumerable<T> ItemsOf(ImmutableArray<T> value) => value.IsDefault ? [] : value;

    protected override ImmutableArray<T> Make(T[] items) => ImmutableCollectionsMarshalOf(items);

    private static ImmutableArray<T> ImmutableCollectionsMarshalOf(T[] items) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items);
}

/// <summary>Any other immutable collection of the framework.</summary>
internal sealed class CollectionCodec<TCollection, TElement>(
    Codec<TElement> element, Func<IEnumerable<TElement>, TCollection> make)
    : SequenceCodec<TCollection, TElement>(element)
    where TCollection : IReadOnlyCollection<TElement>
{
    public override TCollection Missing => make([]);

    protected override int CountOf(TCollection value) => value.Count;

    protected override IEnumerable<TElement> ItemsOf(TCollection value) => value;

    protected override TCollection Make(TElement[] items) => make(items);
}

/// <summary>A map, as a sequence of keys and values in turn.</summary>
internal sealed class MapCodec<TMap, TKey, TValue>(
    Codec<TKey> key, Codec<TValue> value, Func<IEnumerable<KeyValuePair<TKey, TValue>>, TMap> make) : Codec<TMap>
    where TMap : IReadOnlyDictionary<TKey, TValue>
{
    public override TMap Missing => make([]);

    public override bool IsMissing(TMap map) => map is null;

    public override WireKind KindOf(TMap map) => WireKind.Sequence;

    public override void Write(WireWriter writer, TMap map)
    {
        writer.Enter();
        writer.Varint((ulong)map.Count * 2);
        foreach (var (itemKey, itemValue) in map)
        {
            key.WriteElement(writer, itemKey);
            value.WriteElement(writer, itemValue);
        }

        writer.Leave();
    }

    public override TMap Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Sequence, kind);
        reader.Enter();
        var count = reader.Length();
        if (count % 2 != 0) throw new WireException("A map has a key without a value.");
        var items = new KeyValuePair<TKey, TValue>[count / 2];
        for (var i = 0; i < items.Length; i++) items[i] = new(key.ReadElement(reader), value.ReadElement(reader));
        reader.Leave();
        return make(items);
    }
}
