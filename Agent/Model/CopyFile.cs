using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aedile.Agent.Repositories;
using Aedile.Client;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>
/// The copy on disk: a header line, one line for each entity, and the SHA-256 of both. A crash leaves the old file or
/// the new one; a file that can't be trusted is set aside and never read again.
/// </summary>
internal sealed class CopyFile(IDisk disk, string folder)
{
    private const int Format = 1;
    private const string SetAside = "copy.corrupt";

    private readonly string _path = Path.Combine(folder, "copy.jsonl");

    /// <summary>Reads it.</summary>
    /// <returns>The copy, empty if there is none; and what was wrong with the file, if it was set aside.</returns>
    /// <exception cref="IOException">The disk doesn't give it.</exception>
    public async Task<(ModelCopy Copy, string? Fault)> Load()
    {
        if (!await disk.Exists(_path)) return (ModelCopy.Empty, null);
        try
        {
            return (Parse(await disk.Read(_path)), null);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or ArgumentException)
        {
            await disk.Rename(_path, Path.Combine(folder, SetAside));
            await disk.FlushDirectory(folder);
            return (ModelCopy.Empty, error.Message);
        }
    }

    /// <summary>Deletes it, for good when this returns: what comes next may be of another fleet.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public async Task Forget()
    {
        if (!await disk.Exists(_path)) return;
        await disk.DeleteFile(_path);
        await disk.FlushDirectory(folder);
    }

    /// <summary>Writes a copy; it is durable when this returns.</summary>
    /// <exception cref="IOException">The disk did not take it; the old file stands.</exception>
    public async Task Save(ModelCopy copy)
    {
        await disk.CreateDirectory(folder);
        await disk.FlushDirectory(Path.GetDirectoryName(folder)!);
        var temporary = _path + ".new";
        await disk.Write(temporary, TextOf(copy));
        await disk.FlushFile(temporary);
        await disk.Rename(temporary, _path);
        await disk.FlushDirectory(folder);
    }

    private static byte[] TextOf(ModelCopy copy)
    {
        using var text = new MemoryStream();
        var point = copy.Point;
        text.Write(JsonSerializer.SerializeToUtf8Bytes(
            new Header(Format, point.Timeline, point.Index, point.Digest, copy.Count), Wire.Json));
        text.WriteByte((byte)'\n');
        foreach (var entity in copy.All)
        {
            text.Write(Encoding.UTF8.GetBytes(entity.Text));
            text.WriteByte((byte)'\n');
        }

        var sum = SHA256.HashData(text.GetBuffer().AsSpan(0, (int)text.Length));
        text.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(sum)));
        return text.ToArray();
    }

    private static ModelCopy Parse(byte[] file)
    {
        var end = Math.Max(0, file.Length - 2 * SHA256.HashSizeInBytes);
        var sum = Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(0, end)));
        if (Encoding.ASCII.GetString(file.AsSpan(end)) != sum)
            throw new InvalidDataException("The file does not have its checksum.");
        var lines = Encoding.UTF8.GetString(file.AsSpan(0, end)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = JsonSerializer.Deserialize<Header>(lines[0], Wire.Json)!;
        if (header.Format != Format)
            throw new InvalidDataException($"This program reads copies of format {Format}, not {header.Format}.");
        var entities = lines.Skip(1).Select(line => JsonSerializer.Deserialize<CopiedEntity>(line, Wire.Json)!);
        var copy = ModelCopy.Empty.With(entities, []).At(header.Timeline, header.Index);
        return copy.Count == header.Entities && copy.Point.Digest == header.Digest
            ? copy
            : throw new InvalidDataException("The entities do not have their digest.");
    }

    private sealed record Header(int Format, string Timeline, long Index, string Digest, int Entities);
}
