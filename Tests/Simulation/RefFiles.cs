using System.Buffers;
using System.Text;

namespace Aedile.Tests.Simulation;

/// <summary>Refs as git's files backend keeps them: a loose file each, else a line in <c>packed-refs</c>.</summary>
internal sealed class RefFiles(DiskImage image, string repository)
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private string PackedPath => Path.Combine(repository, "packed-refs");

    /// <summary>All refs that can be read, by name.</summary>
    public SortedDictionary<string, string> List()
    {
        var refs = Packed();
        foreach (var path in image.FilesBelow(Path.Combine(repository, "refs")))
        {
            if (path.EndsWith(".lock", StringComparison.Ordinal)) continue;
            var name = path[(repository.Length + 1)..];
            if (Loose(path) is { } value) refs[name] = value;
            else refs.Remove(name); // Broken: git ignores it with a warning.
        }
        return refs;
    }

    /// <summary>The refs in <c>packed-refs</c>.</summary>
    public SortedDictionary<string, string> Packed()
    {
        var refs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!image.Exists(PackedPath)) return refs;
        foreach (var line in Encoding.UTF8.GetString(image.Read(PackedPath)).Split('\n'))
            if (line.Length > 41 && line[40] == ' ') refs[line[41..]] = line[..40];
        return refs;
    }

    /// <summary>A new <c>packed-refs</c> beside the old one, flushed; its lock must be held.</summary>
    public async Task WriteNew(SimulatedDisk disk, IEnumerable<KeyValuePair<string, string>> refs)
    {
        var text = string.Concat(refs.Select(r => $"{r.Value} {r.Key}\n"));
        await disk.Write(PackedPath + ".new", Encoding.UTF8.GetBytes(text));
        await disk.FlushFile(PackedPath + ".new");
    }

    /// <summary>
    /// As <c>git pack-refs --all</c>: what housekeeping does. Gives up when somebody else holds the lock.
    /// </summary>
    public async Task Pack(SimulatedDisk disk)
    {
        if (!await disk.TryCreateNew(PackedPath + ".lock")) return;
        var refs = List();
        await WriteNew(disk, refs);
        await disk.Rename(PackedPath + ".new", PackedPath);
        await disk.DeleteFile(PackedPath + ".lock");
        foreach (var (name, value) in refs)
        {
            var path = Path.Combine(repository, name);
            if (!await disk.TryCreateNew(path + ".lock")) continue;
            if (image.Exists(path) && Loose(path) == value) await disk.DeleteFile(path);
            await disk.DeleteFile(path + ".lock");
        }
    }

    private string? Loose(string path)
    {
        var bytes = image.Read(path);
        return bytes.Length == 41 && bytes[40] == '\n' && !bytes.AsSpan(0, 40).ContainsAnyExcept(Digits)
            ? Encoding.ASCII.GetString(bytes, 0, 40)
            : null;
    }
}
