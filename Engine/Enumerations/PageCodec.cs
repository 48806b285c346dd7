using System.Runtime.InteropServices;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Enumerations;

/// <summary>A page: a sequence of its status and its items.</summary>
internal sealed class PageCodec<T>(Codec<T> item) : Codec<Page<T>>
{
    public override bool IsMissing(Page<T> value) => value is null;

    public override WireKind KindOf(Page<T> value) => WireKind.Sequence;

    public override void Write(WireWriter writer, Page<T> value)
    {
        writer.Enter();
        writer.Varint((ulong)value.Items.Length + 1);
        writer.Kind(WireKind.Varint);
        writer.Varint((ulong)value.Status);
        foreach (var one in value.Items) item.WriteElement(writer, one);
        writer.Leave();
    }

    public override Page<T> Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Sequence, kind);
        reader.Enter();
        var count = reader.Length();
        if (count == 0 || reader.Kind() != WireKind.Varint) throw new WireException("A page has no status.");
        var status = (PageStatus)reader.Varint();
        if (status is not (PageStatus.More or PageStatus.Completed or PageStatus.Missing))
            throw new WireException($"{status} is no status of a page.");
        var items = new T[count - 1];
        for (var i = 0; i < items.Length; i++) items[i] = item.ReadElement(reader);
        reader.Leave();
        return new Page<T>(status, ImmutableCollectionsMarshal.AsImmutableArray(items));
    }
}
