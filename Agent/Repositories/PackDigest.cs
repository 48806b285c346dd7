using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Follows a pack's bytes: its header, and whether its last 20 bytes are the SHA-1 of all before. So bytes after the
/// pack's end, which git would ignore, are seen too.
/// </summary>
internal sealed class PackDigest : IDisposable
{
    private const int TrailerLength = 20;
    private const int HeaderLength = 12;
#pragma warning disable CA5350 // The format of packs says SHA-1; nothing here relies on it against an attacker.
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
    private readonly byte[] _tail = new byte[TrailerLength];
    private int _tailLength;

    /// <summary>Bytes seen.</summary>
    public long Length { get; private set; }

    /// <summary>Reads the count of objects from a pack's first bytes.</summary>
    /// <exception cref="PackRejectedException">These aren't a pack's.</exception>
    public static long ReadObjectCount(ReadOnlySequence<byte> start)
    {
        if (start.Length < HeaderLength) throw new PackRejectedException("The pack is cut off in its header.");
        Span<byte> header = stackalloc byte[HeaderLength];
        start.Slice(0, HeaderLength).CopyTo(header);
        if (!header.StartsWith("PACK"u8)) throw new PackRejectedException("The pack does not begin with PACK.");
        var version = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        return version is 2 or 3
            ? BinaryPrimitives.ReadUInt32BigEndian(header[8..])
            : throw new PackRejectedException($"Packs of version {version} are unknown.");
    }

    /// <summary>Takes the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (bytes.Length >= TrailerLength)
        {
            _hash.AppendData(_tail, 0, _tailLength);
            _hash.AppendData(bytes[..^TrailerLength]);
            bytes[^TrailerLength..].CopyTo(_tail);
            _tailLength = TrailerLength;
            return;
        }
        var passed = Math.Max(0, _tailLength + bytes.Length - TrailerLength);
        _hash.AppendData(_tail, 0, passed);
        _tail.AsSpan(passed.._tailLength).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(_tailLength - passed));
        _tailLength += bytes.Length - passed;
    }

    /// <summary>The trailer, 40 hex digits; null when it doesn't fit what was seen.</summary>
    public string? Finish() =>
        _tailLength == TrailerLength && _hash.GetHashAndReset().AsSpan().SequenceEqual(_tail)
            ? Convert.ToHexStringLower(_tail)
            : null;

    public void Dispose() => _hash.Dispose();
}
