using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
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

    /// <summary>Writes a state.</summary>
    public static async Task Write(ModelState state, Stream stream, CancellationToken cancellation)
    {
        var commands = state.Commands.List().ToList();
        var header = new Header(
            Format, state.Timeline, state.Index, state.Digest, state.At, commands.Count, state.Count,
            state.ContentDigest.ToString("x32", null));
        await WriteLine(stream, header, cancellation);
        foreach (var (name, at, command) in commands)
        {
            var line = new KnownLine(name, at, command.Index, command.Hash, command.Changed);
            await WriteLine(stream, line, cancellation);
        }

        foreach (var entity in EntityKinds.All.SelectMany(state.List)) await WriteLine(stream, entity, cancellation);
    }

    /// <summary>Reads a state, and compares its digest.</summary>
    /// <exception cref="InvalidDataException">It is not whole, or of a newer program.</exception>
    public static async Task<ModelState> Read(Stream stream, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            var header = await ReadLine<Header>(reader, cancellation);
            if (header.Format != Format)
                throw new InvalidDataException(
                    $"This program reads snapshots of format {Format}, not {header.Format}.");
            var commands = KnownCommands.None;
            for (var i = 0; i < header.Commands; i++)
            {
                var line = await ReadLine<KnownLine>(reader, cancellation);
                commands = commands.Restore(
                    line.Name, line.At, new KnownCommand(line.Index, line.Hash, line.Changed));
            }

            var entities = new List<Entity>(Math.Clamp(header.Entities, 0, 1_000_000));
            for (var i = 0; i < header.Entities; i++) entities.Add(await ReadLine<Entity>(reader, cancellation));
            var state = ModelState.Load(
                ModelState.Empty(header.Timeline) with
                {
                    Index = header.Index, Digest = header.Digest, At = header.At, Commands = commands,
                }, entities);
            return state.ContentDigest.ToString("x32", null) == header.ContentDigest
                ? state
                : throw new InvalidDataException("The snapshot's content doesn't have its digest.");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"This is no snapshot of a model: {error.Message}", error);
        }
    }

    private static async Task WriteLine<T>(Stream stream, T value, CancellationToken cancellation)
    {
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, Wire.Json), cancellation);
        stream.WriteByte((byte)'\n');
    }

    private static async Task<T> ReadLine<T>(StreamReader reader, CancellationToken cancellation)
    {
        var line = await reader.ReadLineAsync(cancellation)
            ?? throw new InvalidDataException("The snapshot ends too early.");
        return JsonSerializer.Deserialize<T>(line, Wire.Json)!;
    }

    private sealed record Header(
        int Format, string Timeline, long Index, string Digest, DateTimeOffset At, int Commands, int Entities,
        string ContentDigest);

    private sealed record KnownLine(
        string Name, DateTimeOffset? At, long Index, string Hash, ImmutableArray<EntityKey> Changed);
}
