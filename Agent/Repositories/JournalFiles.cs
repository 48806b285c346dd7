using System.Globalization;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// The journal's folder: <c>snapshot-N</c> holds the state before <c>log-N</c>, and the logs from N on follow it
/// without a gap. Only the newest log may end torn.
/// </summary>
internal sealed class JournalFiles(IDisk disk, string directory)
{
    private const string LogPrefix = "log-";
    private const string SnapshotPrefix = "snapshot-";
    private const int StatesPerFrame = 500;

    /// <summary>What the files say, and where to go on writing.</summary>
    /// <param name="State">The state after every whole frame.</param>
    /// <param name="Number">Of the newest log; 0 when there is none yet.</param>
    /// <param name="Length">Where the newest log ends after its last whole frame.</param>
    /// <param name="Sequence">Of the last whole frame.</param>
    /// <param name="TornBytes">Bytes after that end, to be cut off.</param>
    public sealed record Loaded(JournalState State, int Number, long Length, ulong Sequence, long TornBytes);

    /// <summary>Path of a log.</summary>
    public string LogPath(int number) => Path.Combine(directory, LogPrefix + Digits(number));

    /// <summary>Reads newest snapshot and logs, and deletes what a compaction left behind.</summary>
    /// <exception cref="JournalCorruptException">The files can't be the work of a crash.</exception>
    public async Task<Loaded> Load()
    {
        await disk.CreateDirectory(directory);
        await disk.FlushDirectory(Path.GetDirectoryName(directory)!);
        var names = (await disk.List(directory)).Select(e => e.Name).ToList();
        var snapshot = Numbers(names, SnapshotPrefix).DefaultIfEmpty(0).Max();
        var logs = Numbers(names, LogPrefix).Where(n => n >= snapshot).Order().ToList();
        var first = snapshot == 0 ? 1 : snapshot;
        if (snapshot > 0 && logs.Count == 0) throw new JournalCorruptException($"{LogPath(snapshot)} is missing.");
        for (var i = 0; i < logs.Count; i++)
            if (logs[i] != first + i) throw new JournalCorruptException($"{LogPath(first + i)} is missing.");

        var loaded = new Loaded(snapshot == 0 ? JournalState.Empty : await ReadSnapshot(snapshot), 0, 0, 0, 0);
        foreach (var log in logs) loaded = await ReadLog(loaded, log, isNewest: log == logs[^1]);
        await DeleteBefore(first, names);
        return loaded;
    }

    /// <summary>Writes the state before a log durably; the logs before it may be deleted afterwards.</summary>
    public async Task WriteSnapshot(int number, JournalState state)
    {
        var temporary = Path.Combine(directory, "new-snapshot");
        await disk.DeleteFile(temporary);
        await using (var file = await disk.OpenAppend(temporary))
        {
            var frame = 0UL;
            var head = new SnapshotHead(state.Replicas.Count, state.BootId, state.IsStopped);
            await file.Append(JournalFrame.Encode(++frame, 0, JsonSerializer.SerializeToUtf8Bytes(head, Wire.Json)));
            foreach (var chunk in state.Replicas.Chunk(StatesPerFrame))
            {
                var lines = chunk.Select(r => new SnapshotLine(r.Key, r.Value)).ToArray();
                await file.Append(
                    JournalFrame.Encode(++frame, 0, JsonSerializer.SerializeToUtf8Bytes(lines, Wire.Json)));
            }
            await file.Flush();
        }
        await disk.Rename(temporary, Path.Combine(directory, SnapshotPrefix + Digits(number)));
        await disk.FlushDirectory(directory);
        await DeleteBefore(number, (await disk.List(directory)).Select(e => e.Name));
    }

    private async Task<JournalState> ReadSnapshot(int number)
    {
        var path = Path.Combine(directory, SnapshotPrefix + Digits(number));
        ReadOnlyMemory<byte> rest = await disk.Read(path);
        SnapshotHead? head = null;
        var replicas = JournalState.Empty.Replicas.ToBuilder();
        while (!rest.IsEmpty)
        {
            if (!JournalFrame.TryDecode(rest, out var frame)) throw new JournalCorruptException($"{path} is damaged.");
            if (head is null) head = Parse<SnapshotHead>(frame, path);
            else
                foreach (var line in Parse<SnapshotLine[]>(frame, path)) replicas.Add(line.Repository, line.State);
            rest = rest[frame.Size..];
        }
        return head is not null && head.Replicas == replicas.Count
            ? new JournalState(replicas.ToImmutable(), head.BootId, head.IsStopped)
            : throw new JournalCorruptException($"{path} is cut off.");
    }

    private async Task<Loaded> ReadLog(Loaded before, int number, bool isNewest)
    {
        var path = LogPath(number);
        ReadOnlyMemory<byte> rest = await disk.Read(path);
        var (state, length, sequence) = (before.State, 0L, before.Sequence);
        while (!rest.IsEmpty && JournalFrame.TryDecode(rest, out var frame))
        {
            // The first frame of all names where counting begins: the logs before it are gone.
            if (sequence != 0 && frame.Sequence != sequence + 1)
                throw new JournalCorruptException($"{path}: frame {frame.Sequence} follows {sequence}.");
            foreach (var entry in Parse<JournalEntry[]>(frame, path)) state = state.Apply(entry);
            (length, sequence, rest) = (length + frame.Size, frame.Sequence, rest[frame.Size..]);
        }
        if (!rest.IsEmpty) RefuseDamage(rest, path, sequence, isNewest);
        return new Loaded(state, number, length, sequence, rest.Length);
    }

    // A frame is torn only if it was never flushed; then no later frame calls it durable.
    private static void RefuseDamage(ReadOnlyMemory<byte> rest, string path, ulong sequence, bool isNewest)
    {
        if (!isNewest) throw new JournalCorruptException($"{path} is damaged after frame {sequence}.");
        for (var at = 1; at <= rest.Length - JournalFrame.HeaderSize; at++)
        {
            if (!JournalFrame.TryDecode(rest[at..], out var later)) continue;
            if (later.Sequence > sequence && later.Durable > sequence)
                throw new JournalCorruptException(
                    $"{path}: the frame after {sequence} is damaged, and frame {later.Sequence} calls it durable.");
        }
    }

    private async Task DeleteBefore(int number, IEnumerable<string> names)
    {
        foreach (var prefix in (string[])[LogPrefix, SnapshotPrefix])
            foreach (var old in Numbers(names, prefix).Where(n => n < number))
                await disk.DeleteFile(Path.Combine(directory, prefix + Digits(old)));
        await disk.FlushDirectory(directory);
    }

    private static T Parse<T>(JournalFrame frame, string path)
    {
        try { return JsonSerializer.Deserialize<T>(frame.Payload.Span, Wire.Json)!; }
        catch (JsonException e)
        {
            throw new JournalCorruptException($"{path}: frame {frame.Sequence} is whole but unknown.", e);
        }
    }

    private static IEnumerable<int> Numbers(IEnumerable<string> names, string prefix) =>
        names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(prefix.Length), CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n > 0);

    private static string Digits(int number) => number.ToString("D9", CultureInfo.InvariantCulture);

    private sealed record SnapshotHead(int Replicas, string? BootId, bool IsStopped);

    private sealed record SnapshotLine(RepositoryId Repository, ReplicaState State);
}
