using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>One packet of git's wire: four hexadecimal digits of length, then the payload. 0000 is a flush.</summary>
/// <param name="Payload">The payload; null for a flush.</param>
internal readonly record struct PktLine(byte[]? Payload)
{
    /// <summary>Most bytes of a packet, its length included.</summary>
    public const int BytesMax = 65520;

    /// <summary>Bytes of the length.</summary>
    public const int HeaderBytes = 4;

    /// <summary>The end of a section.</summary>
    public static PktLine Flush { get; }

    /// <summary>Whether it is a flush.</summary>
    [MemberNotNullWhen(false, nameof(Payload))]
    public bool IsFlush => Payload is null;

    /// <summary>Takes one packet off the front.</summary>
    /// <returns>False when the bytes end before it does; then nothing is taken.</returns>
    /// <exception cref="GitProtocolException">The length is none, or out of range.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> bytes, out PktLine line)
    {
        line = default;
        if (bytes.Length < HeaderBytes) return false;
        Span<byte> header = stackalloc byte[HeaderBytes];
        bytes.Slice(0, HeaderBytes).CopyTo(header);
        var length = ParseLength(header);
        if (length == 0)
        {
            bytes = bytes.Slice(HeaderBytes);
            return true;
        }
        if (bytes.Length < length) return false;
        line = new PktLine(bytes.Slice(HeaderBytes, length - HeaderBytes).ToArray());
        bytes = bytes.Slice(length);
        return true;
    }

    /// <summary>Reads one packet.</summary>
    /// <exception cref="GitProtocolException">The stream ends inside or before it, or it is malformed.</exception>
    public static async ValueTask<PktLine> Read(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            PktLine line;
            try
            {
                if (TryTake(ref rest, out line))
                {
                    reader.AdvanceTo(rest.Start);
                    return line;
                }
            }
            catch (GitProtocolException)
            {
                // A read left open would cost the client its connection: the host could not read the rest away.
                reader.AdvanceTo(rest.Start);
                throw;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted) throw GitProtocolException.Malformed("it ends inside a section of pkt-lines");
        }
    }

    /// <summary>Whether the bytes are packets and nothing else, those between a v2 request's sections too.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="last">The last one with its length; nothing when there is none.</param>
    public static bool AreWhole(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> last)
    {
        last = default;
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < HeaderBytes || ReadDigits(bytes[..HeaderBytes]) is not { } length) return false;
            if (length is 0 or 1) length = HeaderBytes;
            if (length is < HeaderBytes or > BytesMax || length > bytes.Length) return false;
            last = bytes[..length];
            bytes = bytes[length..];
        }
        return true;
    }

    /// <summary>Writes a packet around a payload of at most 65,516 bytes.</summary>
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> payload)
    {
        WriteHeader(to, payload.Length + HeaderBytes);
        to.Write(payload);
    }

    /// <summary>Writes a flush.</summary>
    public static void WriteFlush(IBufferWriter<byte> to) => WriteHeader(to, 0);

    /// <summary>Writes the four digits of a length.</summary>
    public static void WriteHeader(IBufferWriter<byte> to, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, BytesMax);
        var digits = to.GetSpan(HeaderBytes);
        for (var i = HeaderBytes - 1; i >= 0; i--, length >>= 4) digits[i] = (byte)"0123456789abcdef"[length & 15];
        to.Advance(HeaderBytes);
    }

    private static int ParseLength(ReadOnlySpan<byte> header) => ReadDigits(header) switch
    {
        null => throw GitProtocolException.Malformed("bad pkt-line length"),
        0 => 0,
        >= HeaderBytes and <= BytesMax and var length => length,
        var length => throw GitProtocolException.Malformed($"pkt-line length {length} is out of range"),
    };

    private static int? ReadDigits(ReadOnlySpan<byte> header)
    {
        var length = 0;
        foreach (var digit in header)
        {
            if (!char.IsAsciiHexDigit((char)digit)) return null;
            length = (length << 4) | (digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
        }
        return length;
    }
}
