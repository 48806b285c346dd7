using System.Buffers.Binary;
using System.Text;

namespace Aedile.Engine.Serialization;

/// <summary>Writes the elements of the wire form.</summary>
internal sealed class WireWriter(WireLimits limits)
{
    private const int FirstBytes = 256;

    // What a writer that is used again may keep; one large message must not hold its memory for ever.
    private const int KeptBytes = 256 * 1024;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;
    private int _depth;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>What was written, for who fills in room that <see cref="Next"/> left.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Forgets what was written, so that the writer can be used again.</summary>
    public void Reset()
    {
        if (_bytes.Length > KeptBytes) _bytes = new byte[FirstBytes];
        _length = 0;
        _depth = 0;
    }

    /// <summary>Leaves room that the caller fills in.</summary>
    public Span<byte> Next(int length)
    {
        var room = Reserve(length)[..length];
        _length += length;
        return room;
    }

    /// <summary>Writes bytes without their length.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    public void Key(uint id, WireKind kind) => Varint(((ulong)id << 3) | (byte)kind);

    public void Kind(WireKind kind) => Next(1)[0] = (byte)kind;

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
        _length += length;
    }

    /// <summary>Writes a signed number so that small ones of either sign are short.</summary>
    public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(4), value);

    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(8), value);

    public void Blob(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, Next(length));
    }

    /// <exception cref="WireException">Values are nested too deep.</exception>
    public void Enter()
    {
        if (++_depth > limits.Depth) throw new WireException($"A value is nested deeper than {limits.Depth} levels.");
    }

    public void Leave() => _depth--;

    private Span<byte> Reserve(int length)
    {
        var needed = _length + (long)length;
        if (needed > limits.Bytes + 10L)
            throw new WireException($"A message is larger than {limits.Bytes:N0} bytes. Send it in parts.");
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Max(needed, Math.Min(2L * _bytes.Length, limits.Bytes + 10L)));
        return _bytes.AsSpan(_length);
    }
}
