using System.IO.Compression;
using System.Text.Json;
using Aedile.Client;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Model.Copy;

/// <summary>What a copy on disk holds.</summary>
/// <param name="State">The model as of the last entry that is whole.</param>
/// <param name="WrittenAt">When the newest of it was written (UTC).</param>
internal sealed record StoredModel(ModelState State, DateTimeOffset WrittenAt);

/// <summary>
/// This silo's copy of the model on its own disk: a snapshot (gzip), and the entries since as JSON lines. Only a
/// convenience, the journal is the truth: what is damaged is set aside and never stops a silo. Not safe from several
/// threads.
/// </summary>
/// <param name="folder">Its own; made when it isn't there.</param>
/// <param name="log">Where it says what it found.</param>
internal sealed class ModelCopy(string folder, ILogger log)
{
    private const int BufferBytes = 64 * 1024;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string SnapshotFile => Path.Combine(folder, "snapshot.gz");

    private string TailFile => Path.Combine(folder, "tail.jsonl");

    /// <summary>Reads it; null when there is none that is sound. Cost: some seconds for a million entities.</summary>
    public async Task<StoredModel?> Read(CancellationToken cancellation)
    {
        if (!File.Exists(SnapshotFile)) return null;
        try
        {
            var state = await ReadSnapshot(cancellation);
            var writtenAt = File.GetLastWriteTimeUtc(SnapshotFile);
            if (!File.Exists(TailFile)) return new StoredModel(state, writtenAt);
            var tailAt = File.GetLastWriteTimeUtc(TailFile);
            return new StoredModel(await ReadTail(state, cancellation), tailAt > writtenAt ? tailAt : writtenAt);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever a damaged disk makes of it: the journal has the model, and no copy may stop a silo.
            log.CopyDamaged(SnapshotFile, error.Message);
            SetAside(SnapshotFile);
            return null;
        }
    }

    /// <summary>
    /// Replaces all of it by a state. After a power cut the old copy is there or the new one: entries that the old tail
    /// still holds are those before the new snapshot.
    /// </summary>
    /// <exception cref="IOException">The disk is full or gone; the old copy is as it was.</exception>
    public async Task Write(ModelState state, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        using var content = new MemoryStream();
        await using (var lines = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
            await SnapshotText.Write(state, lines, cancellation);
        DurableFile.Write(SnapshotFile, content.GetBuffer().AsSpan(0, (int)content.Length), Private);
        DurableFile.Write(TailFile, [], Private);
    }

    /// <summary>Adds entries that follow on what is there; they are durable when it returns.</summary>
    /// <exception cref="IOException">The disk is full or gone; some may be there, the last one in part.</exception>
    public void Append(IEnumerable<ModelEntry> entries)
    {
        using var tail = new FileStream(TailFile, FileMode.Append, FileAccess.Write, FileShare.Read, BufferBytes);
        foreach (var entry in entries)
        {
            JsonSerializer.Serialize(tail, entry, Wire.Json);
            tail.WriteByte((byte)'\n');
        }

        tail.Flush(flushToDisk: true);
    }

    private async Task<ModelState> ReadSnapshot(CancellationToken cancellation)
    {
        await using var file = File.OpenRead(SnapshotFile);
        await using var lines = new GZipStream(file, CompressionMode.Decompress);
        return await SnapshotText.Read(lines, cancellation);
    }

    // Each entry proves by its digest that it follows on the ones before: the first that doesn't ends the copy.
    private async Task<ModelState> ReadTail(ModelState state, CancellationToken cancellation)
    {
        var number = 0;
        try
        {
            await foreach (var line in File.ReadLinesAsync(TailFile, cancellation))
            {
                number++;
                var entry = JsonSerializer.Deserialize<ModelEntry>(line, Wire.Json)!;
                if (entry.Index > state.Index) state = state.Apply(entry);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The usual end of a power cut is half a line; whatever it is, what came before is sound.
            log.TailDamaged(TailFile, number, state.Index, error.Message);
        }

        return state;
    }

    // Kept for who wants to know what happened to the disk; the next one replaces it.
    private static void SetAside(string file)
    {
        try
        {
            File.Move(file, file + ".damaged", overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that can't be written: it will be found damaged again.
        }
    }
}
