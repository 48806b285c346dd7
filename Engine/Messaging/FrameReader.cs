using System.Buffers;
using System.Buffers.Binary;

namespace Aedile.Engine.Messaging;

/// <summary>
/// Cuts a stream of bytes into frames: a length in four bytes, lowest first, then so many bytes. It never reserves
/// more memory than twice what has arrived, whatever length is claimed.
/// </summary>
internal sealed class FrameReader(LinkLimits limits) : IDisposable
{
    public const int PrefixLength = 4;

    // Below this a frame that is cut waits in the pipe; above, it is copied out, or the pipe would be full before it
    // is complete.
    private const int KeptInPipe = 2 * 1024;

    private const int FirstPart = 64 * 1024;

    private byte[] _part = [];
    private int _arrived;
    private int _expected;
    private bool _isFirst = true;

    /// <summary>Takes the next whole frame off the front of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What has arrived; what is taken is cut off, the rest must be handed in again.</param>
    /// <param name="frame">Valid until the next call.</param>
    /// <exception cref="InvalidDataException">A frame is longer than the limit.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> bytes, out ReadOnlyMemory<byte> frame)
    {
        if (_expected > 0) return TryComplete(ref bytes, out frame);
        frame = default;
        if (bytes.Length < PrefixLength) return false;
        var length = LengthAt(bytes);
        var whole = bytes.Slice(PrefixLength);
        if (whole.Length >= length)
        {
            whole = whole.Slice(0, length);
            bytes = bytes.Slice(PrefixLength + length);
            frame = whole.IsSingleSegment ? whole.First : Gather(whole);
            _isFirst = false;
            return true;
        }

        if (length <= KeptInPipe) return false;
        _expected = length;
        _arrived = 0;
        bytes = whole;
        return TryComplete(ref bytes, out frame);
    }

    public void Dispose()
    {
        if (_part.Length > 0) ArrayPool<byte>.Shared.Return(_part);
        _part = [];
    }

    private bool TryComplete(ref ReadOnlySequence<byte> bytes, out ReadOnlyMemory<byte> frame)
    {
        var count = (int)Math.Min(bytes.Length, _expected - _arrived);
        Reserve(_arrived + count);
        bytes.Slice(0, count).CopyTo(_part.AsSpan(_arrived));
        bytes = bytes.Slice(count);
        _arrived += count;
        frame = _part.AsMemory(0, _arrived);
        if (_arrived < _expected) return false;
        _expected = 0;
        _isFirst = false;
        return true;
    }

    private ReadOnlyMemory<byte> Gather(ReadOnlySequence<byte> frame)
    {
        _arrived = 0;
        Reserve((int)frame.Length);
        frame.CopyTo(_part);
        return _part.AsMemory(0, (int)frame.Length);
    }

    private void Reserve(int length)
    {
        if (_part.Length >= length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Max(FirstPart, _part.Length * 2)));
        _part.AsSpan(0, _arrived).CopyTo(larger);
        Dispose();
        _part = larger;
    }

    private int LengthAt(ReadOnlySequence<byte> bytes)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        bytes.Slice(0, PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        var limit = _isFirst ? limits.FirstFrameBytes : limits.FrameBytes;
        if (length > limit)
        {
            throw new InvalidDataException(_isFirst
                ? $"The first frame claims {length:N0} bytes, more than the {limit:N0} of a greeting: "
                    + "whoever connected speaks another protocol."
                : $"A frame of {length:N0} bytes is longer than the limit of {limit:N0}. Send it in parts.");
        }

        return (int)length;
    }
}
