using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Aedile.Client;

namespace Aedile.Grains.Model;

/// <summary>Reads JSON lines from a stranger: none longer than is taken, none held after it was looked at.</summary>
internal sealed class SnapshotLines(Stream stream)
{
    // Far above what a definition may have.
    private const int LineBytesMax = 4 * 1024 * 1024;
    private const int BufferBytes = 64 * 1024;
    private const long BytesMax = 8L * 1024 * 1024 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(
        stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));

    private long _bytes;

    /// <summary>The line that was read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next line.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is too long.</exception>
    /// <exception cref="JsonException">It is no such value.</exception>
    public async ValueTask<T> Read<T>(CancellationToken cancellation)
    {
        Line++;
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end);
                Count(line.Length);
                var value = Parse<T>(line);
                _pipe.AdvanceTo(read.Buffer.GetPosition(1, end));
                return value;
            }

            if (read.Buffer.Length > LineBytesMax) Count(read.Buffer.Length);
            if (read.IsCompleted) throw new InvalidDataException($"The snapshot ends too early, in line {Line}.");
            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public async Task MustEnd(CancellationToken cancellation)
    {
        var read = await _pipe.ReadAsync(cancellation);
        if (!read.Buffer.IsEmpty) throw new InvalidDataException($"The snapshot goes on after its end, line {Line}.");
        await _pipe.CompleteAsync();
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        if (bytes > LineBytesMax)
            throw new InvalidDataException($"Line {Line} of the snapshot has more than {LineBytesMax} bytes.");
        if (_bytes > BytesMax) throw new InvalidDataException($"The snapshot has more than {BytesMax} bytes.");
    }

    private static T Parse<T>(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var value = JsonSerializer.Deserialize<T>(ref reader, Wire.Json) ?? throw new JsonException("It is null.");
        return reader.Read() ? throw new JsonException("More than one value stands in it.") : value;
    }
}
