using System.Runtime.CompilerServices;
using Orleans;

namespace Aedile.Engine.Serialization;

/// <summary>An enum, as its number: a reader keeps values that it has no name for.</summary>
internal sealed class EnumCodec<T> : Codec<T>
    where T : struct, Enum
{
    public override bool IsMissing(T value) => EqualityComparer<T>.Default.Equals(value, default);

    public override WireKind KindOf(T value) => WireKind.Varint;

    public override void Write(WireWriter writer, T value) => writer.Signed(Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.As<T, sbyte>(ref value),
        2 => Unsafe.As<T, short>(ref value),
        4 => Unsafe.As<T, int>(ref value),
        _ => Unsafe.As<T, long>(ref value),
    });

    public override T Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Varint, kind);
        var number = reader.Signed();
        return Unsafe.As<long, T>(ref number); // Little-endian: the low bytes are the smaller number.
    }
}

/// <summary>A value type that may be absent.</summary>
internal sealed class NullableCodec<T>(Codec<T> inner) : Codec<T?>
    where T : struct
{
    public override bool IsMissing(T? value) => value is null;

    public override WireKind KindOf(T? value) => inner.KindOf(value!.Value);

    public override void Write(WireWriter writer, T? value) => inner.Write(writer, value!.Value);

    public override T? Read(WireReader reader, WireKind kind) => inner.Read(reader, kind);
}

/// <summary>A foreign type, carried as another one.</summary>
internal sealed class SurrogateCodec<TValue, TSurrogate>(
    IConverter<TValue, TSurrogate> converter, Codec<TSurrogate> inner) : Codec<TValue>
    where TSurrogate : struct
{
    // A default value of a foreign value type is a value like any other: its converter alone knows what it means.
    public override bool IsMissing(TValue value) => value is null;

    public override WireKind KindOf(TValue value) => inner.KindOf(converter.ConvertToSurrogate(value));

    public override void Write(WireWriter writer, TValue value) =>
        inner.Write(writer, converter.ConvertToSurrogate(value));

    public override TValue Read(WireReader reader, WireKind kind) =>
        converter.ConvertFromSurrogate(inner.Read(reader, kind));
}
