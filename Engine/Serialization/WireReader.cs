using System.Buffers.Binary;
using System.Text;
using Orleans;

namespace Aedile.Engine.Serialization;

/// <summary>Reads the elements of the wire form. It trusts no length and no nesting that it reads.</summary>
/// <exception cref="WireException">From every method: the bytes end too early or are malformed.</exception>
internal sealed class WireReader
{
    private readonly WireLimits _limits;
    private ReadOnlyMemory<byte> _bytes;
    private int _at;
    private int _depth;

    /// <param name="bytes">What to read.</param>
    /// <param name="limits">What is refused.</param>
    /// <param name="references">Makes the references to grains that are read; null: there must be none.</param>
    public WireReader(ReadOnlyMemory<byte> bytes, WireLimits limits, IGrainFactory? references = null)
    {
        _limits = limits;
        References = references;
        Reset(bytes);
    }

    public IGrainFactory? References { get; }

    public bool IsAtEnd => _at == _bytes.Length;

    /// <summary>Begins anew with other bytes.</summary>
    public void Reset(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > _limits.Bytes)
            throw new WireException($"A message of {bytes.Length:N0} bytes is larger than {_limits.Bytes:N0}.");
        _bytes = bytes;
        _at = 0;
        _depth = 0;
    }

    /// <summary>Reads so many bytes without a length before them.</summary>
    public ReadOnlySpan<byte> Raw(int count) => Take(count);

    /// <summary>Reads the key of a member; its kind is <see cref="WireKind.End"/> after the last one.</summary>
    public (uint Id, WireKind Kind) Key()
    {
        var key = Varint();
        if (key >> 3 > uint.MaxValue) throw new WireException("A member's number is out of range.");
        return ((uint)(key >> 3), (WireKind)(key & 7));
    }

    public WireKind Kind()
    {
        var kind = Take(1)[0];
        return kind <= (byte)WireKind.Named ? (WireKind)kind : throw new WireException($"{kind} is no kind of value.");
    }

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw new WireException("A number is longer than 64 bits.");
    }

    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Length());

    /// <summary>Passes over so many texts, and returns them with their lengths.</summary>
    public ReadOnlySpan<byte> Texts(int count)
    {
        var from = _at;
        for (var left = count; left > 0; left--) Bytes();
        return _bytes.Span[from.._at];
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Reads how many elements follow. Each is at least a byte, so a larger count is malformed.</summary>
    public int Length()
    {
        var length = Varint();
        return length <= (ulong)(_bytes.Length - _at)
            ? (int)length
            : throw new WireException("A length goes beyond the end of the message.");
    }

    public void Enter()
    {
        if (++_depth > _limits.Depth) throw new WireException($"A value is nested deeper than {_limits.Depth} levels.");
    }

    public void Leave() => _depth--;

    /// <summary>Passes over a value of any type.</summary>
    public void Skip(WireKind kind)
    {
        switch (kind)
        {
            case WireKind.End: break;
            case WireKind.Varint: Varint(); break;
            case WireKind.Fixed32: Take(4); break;
            case WireKind.Fixed64: Take(8); break;
            case WireKind.Bytes: Bytes(); break;
            case WireKind.Object: SkipMembers(); break;
            case WireKind.Sequence: SkipElements(); break;
            case WireKind.Named:
                Bytes();
                SkipMembers();
                break;
            default: throw new WireException($"{kind} is no kind of value.");
        }
    }

    private void SkipMembers()
    {
        Enter();
        while (Key() is var (_, kind) && kind != WireKind.End) Skip(kind);
        Leave();
    }

    private void SkipElements()
    {
        Enter();
        for (var left = Length(); left > 0; left--) Skip(Kind());
        Leave();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at) throw new WireException("The message ends too early.");
        var span = _bytes.Span.Slice(_at, count);
        _at += count;
        return span;
    }
}
