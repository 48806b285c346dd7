using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Grains.Model;

/// <summary>
/// A state as JSON lines: a header, then one line for each known command, then one for each entity by kind and name.
/// The form of snapshots, exports and imports.
/// </summary>
public static class SnapshotText
{
    private const int Format = 1;
    private const int EntitiesMax = 2_000_000;
    private const int CommandsMax = 200_000;
    private const int BufferBytes = 64 * 1024;

    /// <summary>Writes a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="stream">Where to; written to asynchronously only.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="isForReaders">
    /// Whether it is for people: without secrets and known commands. No installation begins with it.
    /// </param>
    public static async Task Write(
        ModelState state, Stream stream, CancellationToken cancellation, bool isForReaders = false)
    {
        var lines = new LineWriter(stream);
        var commands = isForReaders ? [] : state.Commands.List().ToList();
        var content = isForReaders
            ? state.All().Aggregate<Entity, UInt128>(0, static (sum, entity) =>
                unchecked(sum + ModelDigests.Of(ReaderView.Of(entity))))
            : state.ContentDigest;
        await lines.Write(
            new Header(
                Format, state.Timeline, state.Index, state.Digest, state.At, commands.Count, state.Count,
                content.ToString("x32", null), isForReaders), cancellation);
        foreach (var (name, at, command) in commands)
            await lines.Write(new KnownLine(name, at, command.Index, command.Hash, command.Changed), cancellation);
        foreach (var entity in state.All())
            await lines.Write(isForReaders ? ReaderView.Of(entity) : entity, cancellation);
        await lines.Flush(cancellation);
    }

    /// <summary>Reads a state, and compares its digest. Memory: that of the state.</summary>
    /// <exception cref="InvalidDataException">
    /// It is not whole, was altered, is for readers only, or of a newer program; or it is larger than is taken.
    /// </exception>
    public static async Task<ModelState> Read(Stream stream, CancellationToken cancellation)
    {
        var reader = new SnapshotLines(stream);
        try
        {
            var header = await reader.Read<Header>(cancellation);
            Check(header);
            var commands = KnownCommands.None;
            for (var i = 0; i < header.Commands; i++)
            {
                var line = await reader.Read<KnownLine>(cancellation);
                // Earlier builds noted no time for commands without a key.
                commands = commands.Restore(
                    line.Name, line.At ?? header.At, new KnownCommand(line.Index, line.Hash, line.Changed));
            }

            var entities = new List<Entity>(header.Entities);
            for (var i = 0; i < header.Entities; i++) entities.Add(await reader.Read<Entity>(cancellation));
            await reader.MustEnd(cancellation);
            var state = ModelState.Load(
                ModelState.Empty(header.Timeline) with
                {
                    Index = header.Index, Digest = header.Digest, At = header.At, Commands = commands,
                }, entities);
            return state.ContentDigest.ToString("x32", null) == header.ContentDigest
                ? state
                : throw new InvalidDataException("The snapshot's content doesn't have its digest: it was altered.");
        }
        catch (Exception error) when (
            error is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"This is no snapshot of a model: line {reader.Line}: {error.Message}", error);
        }
    }

    private static void Check(Header header)
    {
        if (header.Format != Format)
            throw new InvalidDataException($"This program reads snapshots of format {Format}, not {header.Format}.");
        if (header.IsForReaders)
            throw new InvalidDataException(
                "This export is without secrets, so that nobody could log in after it; export with secrets.");
        if (header.Index < 0 || header.Digest is not { Length: 64 } || !header.Digest.All(char.IsAsciiHexDigitLower))
            throw new InvalidDataException("The snapshot's header makes no sense.");
        if (header.Entities is < 0 or > EntitiesMax || header.Commands is < 0 or > CommandsMax)
            throw new InvalidDataException(
                $"A snapshot has up to {EntitiesMax} entities and {CommandsMax} known commands.");
    }

    private sealed record Header(
        int Format, string Timeline, long Index, string Digest, DateTimeOffset At, int Commands, int Entities,
        string ContentDigest,
        // Left out where it is false: programs that don't know it read everything but exports for readers.
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsForReaders = false);

    private sealed record KnownLine(
        string Name, DateTimeOffset? At, long Index, string Hash, ImmutableArray<EntityKey> Changed);

    // Collects lines: one write each would be a packet each.
    private sealed class LineWriter(Stream stream)
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes * 2);

        public async Task Write<T>(T value, CancellationToken cancellation)
        {
            using (var json = new Utf8JsonWriter(_buffer)) JsonSerializer.Serialize(json, value, Wire.Json);
            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= BufferBytes) await Flush(cancellation);
        }

        public async Task Flush(CancellationToken cancellation)
        {
            await stream.WriteAsync(_buffer.WrittenMemory, cancellation);
            _buffer.ResetWrittenCount();
        }
    }
}
