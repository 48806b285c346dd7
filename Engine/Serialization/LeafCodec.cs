namespace Aedile.Engine.Serialization;

/// <summary>A type without parts.</summary>
/// <param name="kind">Its kind on the wire.</param>
/// <param name="write">Writes a value.</param>
/// <param name="read">Reads a value.</param>
/// <param name="isDefault">Needed where values that are equal to the default one differ from it, like -0.0.</param>
internal sealed class LeafCodec<T>(
    WireKind kind, Action<WireWriter, T> write, Func<WireReader, T> read, Func<T, bool>? isDefault = null) : Codec<T>
{
    public override bool IsMissing(T value) =>
        isDefault?.Invoke(value) ?? EqualityComparer<T>.Default.Equals(value, default);

    public override WireKind KindOf(T value) => kind;

    public override void Write(WireWriter writer, T value) => write(writer, value);

    public override T Read(WireReader reader, WireKind found)
    {
        Expect(kind, found);
        return read(reader);
    }
}
