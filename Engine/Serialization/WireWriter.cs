using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Aedile.Engine.Serialization;

/// <summary>Writes the elements of the wire form.</summary>
internal sealed class WireWriter(WireLimits limits)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _depth;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public void Key(uint id, WireKind kind) => Varint(((ulong)id << 3) | (byte)kind);

    public void Kind(WireKind kind)
    {
        Reserve(1)[0] = (byte)kind;
        _buffer.Advance(1);
    }

    public void Varint(ulong value)
    {
        var span = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }

    /// <summary>Writes a signed number so that small ones of either sign are short.</summary>
    public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        _buffer.Advance(4);
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        _buffer.Advance(8);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        value.CopyTo(Reserve(value.Length));
        _buffer.Advance(value.Length);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        _buffer.Advance(length);
    }

    /// <exception cref="WireException">Values are nested too deep.</exception>
    public void Enter()
    {
        if (++_depth > limits.Depth) throw new WireException($"A value is nested deeper than {limits.Depth} levels.");
    }

    public void Leave() => _depth--;

    private Span<byte> Reserve(int length)
    {
        if (_buffer.WrittenCount + (long)length > limits.Bytes + 10L)
            throw new WireException($"A message is larger than {limits.Bytes:N0} bytes. Send it in parts.");
        return _buffer.GetSpan(length);
    }
}
