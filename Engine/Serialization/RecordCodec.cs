namespace Aedile.Engine.Serialization;

/// <summary>A type with members, by code that was compiled once for it.</summary>
internal sealed class RecordCodec<T> : Codec<T>
{
    private Action<WireWriter, T> _write = null!;
    private Func<WireReader, T> _read = null!;

    // A struct is written even when it is all default: what its constructor makes of no members is unknown.
    public override bool IsMissing(T value) => value is null;

    public override WireKind KindOf(T value) => WireKind.Object;

    /// <summary>Sets the code after the codec exists: a type may contain itself.</summary>
    public void Use(Action<WireWriter, T> write, Func<WireReader, T> read)
    {
        _write = write;
        _read = read;
    }

    public override void Write(WireWriter writer, T value)
    {
        writer.Enter();
        _write(writer, value);
        writer.Key(0, WireKind.End);
        writer.Leave();
    }

    public override T Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Object, kind);
        return ReadMembers(reader);
    }

    public T ReadMembers(WireReader reader)
    {
        reader.Enter();
        var value = _read(reader);
        reader.Leave();
        return value;
    }
}
