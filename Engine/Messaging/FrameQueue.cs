using System.Buffers;
using System.Buffers.Binary;

namespace Aedile.Engine.Messaging;

/// <summary>Frames that wait to be sent, one behind the other in one buffer. Not thread-safe.</summary>
internal struct FrameQueue
{
    private const int FirstSize = 4 * 1024;

    // A buffer that had to grow for large frames goes back to the pool once it is sent.
    private const int KeptSize = 256 * 1024;

    private byte[]? _bytes;

    public FrameQueue()
    {
    }

    public int Length { get; private set; }

    public int Frames { get; private set; }

    public readonly ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public void Add(ReadOnlySpan<byte> frame)
    {
        var end = Length + FrameReader.PrefixLength + frame.Length;
        Reserve(end);
        var free = _bytes.AsSpan(Length);
        BinaryPrimitives.WriteInt32LittleEndian(free, frame.Length);
        frame.CopyTo(free[FrameReader.PrefixLength..]);
        Length = end;
        Frames++;
    }

    public void Clear()
    {
        Length = 0;
        Frames = 0;
        if (_bytes?.Length > KeptSize) Release();
    }

    public void Release()
    {
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        Length = 0;
        Frames = 0;
    }

    private void Reserve(int length)
    {
        if (_bytes?.Length >= length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Max(FirstSize, (_bytes?.Length ?? 0) * 2)));
        Bytes.Span.CopyTo(larger);
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
