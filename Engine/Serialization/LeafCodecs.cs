using System.Buffers.Binary;
using System.Globalization;

namespace Aedile.Engine.Serialization;

/// <summary>The codecs of types that need no attributes.</summary>
internal static class LeafCodecs
{
    private static readonly Dictionary<Type, object> ByType = new object[]
    {
        new LeafCodec<bool>(WireKind.Varint, (w, v) => w.Varint(v ? 1UL : 0), r => r.Varint() != 0),
        new LeafCodec<char>(WireKind.Varint, (w, v) => w.Varint(v), r => checked((char)r.Varint())),
        new LeafCodec<sbyte>(WireKind.Varint, (w, v) => w.Signed(v), r => checked((sbyte)r.Signed())),
        new LeafCodec<byte>(WireKind.Varint, (w, v) => w.Varint(v), r => checked((byte)r.Varint())),
        new LeafCodec<short>(WireKind.Varint, (w, v) => w.Signed(v), r => checked((short)r.Signed())),
        new LeafCodec<ushort>(WireKind.Varint, (w, v) => w.Varint(v), r => checked((ushort)r.Varint())),
        new LeafCodec<int>(WireKind.Varint, (w, v) => w.Signed(v), r => checked((int)r.Signed())),
        new LeafCodec<uint>(WireKind.Varint, (w, v) => w.Varint(v), r => checked((uint)r.Varint())),
        new LeafCodec<long>(WireKind.Varint, (w, v) => w.Signed(v), r => r.Signed()),
        new LeafCodec<ulong>(WireKind.Varint, (w, v) => w.Varint(v), r => r.Varint()),
        new LeafCodec<float>(
            WireKind.Fixed32, (w, v) => w.Fixed32(BitConverter.SingleToUInt32Bits(v)),
            r => BitConverter.UInt32BitsToSingle(r.Fixed32()), v => BitConverter.SingleToUInt32Bits(v) == 0),
        new LeafCodec<double>(
            WireKind.Fixed64, (w, v) => w.Fixed64(BitConverter.DoubleToUInt64Bits(v)),
            r => BitConverter.UInt64BitsToDouble(r.Fixed64()), v => BitConverter.DoubleToUInt64Bits(v) == 0),
        new LeafCodec<decimal>(
            WireKind.Bytes, (w, v) => w.Text(v.ToString(CultureInfo.InvariantCulture)),
            r => decimal.Parse(r.Text(), CultureInfo.InvariantCulture), _ => false),
        new LeafCodec<string>(WireKind.Bytes, (w, v) => w.Text(v), r => r.Text()),
        new LeafCodec<Uri>(
            WireKind.Bytes, (w, v) => w.Text(v.OriginalString), r => new Uri(r.Text(), UriKind.RelativeOrAbsolute)),
        new LeafCodec<byte[]>(WireKind.Bytes, (w, v) => w.Blob(v), r => r.Bytes().ToArray()),
        new LeafCodec<ReadOnlyMemory<byte>>(WireKind.Bytes, (w, v) => w.Blob(v.Span), r => r.Bytes().ToArray()),
        new LeafCodec<Guid>(WireKind.Bytes, (w, v) => w.Blob(v.ToByteArray()), r => new Guid(r.Bytes())),
        new LeafCodec<TimeSpan>(WireKind.Varint, (w, v) => w.Signed(v.Ticks), r => new TimeSpan(r.Signed())),
        new LeafCodec<DateOnly>(
            WireKind.Varint, (w, v) => w.Varint((ulong)v.DayNumber),
            r => DateOnly.FromDayNumber(checked((int)r.Varint()))),
        new LeafCodec<TimeOnly>(
            WireKind.Varint, (w, v) => w.Varint((ulong)v.Ticks), r => new TimeOnly(checked((long)r.Varint()))),
        new LeafCodec<DateTime>(
            WireKind.Fixed64, (w, v) => w.Fixed64((ulong)v.Ticks | ((ulong)v.Kind << 62)),
            r => ReadDateTime(r.Fixed64())),
        new LeafCodec<DateTimeOffset>(WireKind.Bytes, WriteInstant, ReadInstant),
    }.ToDictionary(codec => codec.GetType().GetGenericArguments()[0]);

    /// <returns>The codec, or null when the type is no leaf.</returns>
    public static object? Find(Type type) => ByType.GetValueOrDefault(type);

    private static DateTime ReadDateTime(ulong bits) =>
        new((long)(bits & 0x3fff_ffff_ffff_ffff), (DateTimeKind)(bits >> 62));

    private static void WriteInstant(WireWriter writer, DateTimeOffset value)
    {
        Span<byte> bytes = stackalloc byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.UtcTicks);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[8..], (short)value.Offset.TotalMinutes);
        writer.Blob(bytes);
    }

    private static DateTimeOffset ReadInstant(WireReader reader)
    {
        var bytes = reader.Bytes();
        if (bytes.Length != 10) throw new WireException("A time has 10 bytes.");
        var offset = TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(bytes[8..]));
        return new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.Zero).ToOffset(offset);
    }
}
