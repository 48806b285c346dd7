using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Serialization;

/// <summary>A reference to a grain or an observer: its id. The contract is the one that the reader declares.</summary>
internal sealed class ReferenceCodec<T> : Codec<T>
    where T : class, IAddressable
{
    public override bool IsMissing(T value) => value is null;

    public override WireKind KindOf(T value) => WireKind.Bytes;

    public override void Write(WireWriter writer, T value)
    {
        if (value is not (GrainReference or IGrainBase))
        {
            throw new WireException(
                $"{value.GetType()} is no reference: make one with IGrainFactory.CreateObjectReference.");
        }

        writer.Text(value.GetGrainId().ToString());
    }

    public override T Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Bytes, kind);
        var text = reader.Text();
        if (!GrainId.TryParse(text, out var id)) throw new WireException($"'{text}' is no id of a grain.");
        return reader.References is { } references
            ? references.GetGrain<T>(id)
            : throw new WireException("A reference to a grain is not expected here.");
    }
}
