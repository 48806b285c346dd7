namespace Aedile.Engine.Serialization;

/// <summary>Writes and reads the values of one type.</summary>
internal abstract class Codec<T>
{
    /// <summary>The value of a member that is not on the wire.</summary>
    public virtual T Missing => default!;

    /// <summary>Whether the value need not be written: a reader without it finds <see cref="Missing"/>.</summary>
    public abstract bool IsMissing(T value);

    /// <summary>Returns the kind that <see cref="Write"/> writes for a value that is not missing.</summary>
    public abstract WireKind KindOf(T value);

    /// <summary>Writes the value without its kind.</summary>
    public abstract void Write(WireWriter writer, T value);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="WireException">The bytes are no value of this type.</exception>
    public abstract T Read(WireReader reader, WireKind kind);

    /// <summary>Writes a member of an object.</summary>
    public void WriteMember(WireWriter writer, uint id, T value)
    {
        if (IsMissing(value)) return;
        writer.Key(id, KindOf(value));
        Write(writer, value);
    }

    /// <summary>Writes an element of a sequence, or a value that stands alone.</summary>
    public void WriteElement(WireWriter writer, T value)
    {
        // A missing value has no form of its own; a default one of a value type has.
        if (value is null)
        {
            writer.Kind(WireKind.End);
            return;
        }

        writer.Kind(KindOf(value));
        Write(writer, value);
    }

    public T ReadElement(WireReader reader)
    {
        var kind = reader.Kind();
        return kind == WireKind.End ? Missing : Read(reader, kind);
    }

    protected static void Expect(WireKind expected, WireKind found)
    {
        if (found != expected) throw new WireException($"{typeof(T)} is {expected} on the wire, but {found} was read.");
    }
}
