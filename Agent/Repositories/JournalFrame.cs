using System.Buffers.Binary;
using System.Numerics;

namespace Aedile.Agent.Repositories;

/// <summary>
/// One write to a journal file: 4 bytes length of the payload, 4 bytes CRC-32C of all that follows, 8 bytes sequence, 8
/// bytes sequence of the newest frame that was known durable when this one was written, then the payload. Numbers are
/// little-endian. The second sequence tells a torn tail from corruption: frames that were never flushed may reach the
/// disk in any order, but a bad one that a later frame calls durable was damaged afterwards.
/// </summary>
internal readonly record struct JournalFrame(ulong Sequence, ulong Durable, ReadOnlyMemory<byte> Payload, int Size)
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 24;

    /// <summary>A longer payload is never written: 1 GiB.</summary>
    public const int PayloadMax = 1 << 30;

    /// <summary>The bytes of a frame.</summary>
    public static byte[] Encode(ulong sequence, ulong durable, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, PayloadMax);
        var frame = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(8), sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(16), durable);
        payload.CopyTo(frame.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Checksum(frame.AsSpan(8)));
        return frame;
    }

    /// <summary>Reads the frame at the beginning of the bytes; false when it is cut off or damaged.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out JournalFrame frame)
    {
        frame = default;
        var span = bytes.Span;
        if (span.Length < HeaderSize) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(span);
        if (length is <= 0 or > PayloadMax || length > span.Length - HeaderSize) return false;
        var size = HeaderSize + length;
        if (BinaryPrimitives.ReadUInt32LittleEndian(span[4..]) != Checksum(span[8..size])) return false;
        frame = new JournalFrame(
            BinaryPrimitives.ReadUInt64LittleEndian(span[8..]), BinaryPrimitives.ReadUInt64LittleEndian(span[16..]),
            bytes[HeaderSize..size], size);
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
