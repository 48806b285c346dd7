namespace Aedile.Agent.Repositories;

/// <summary>
/// The machine's own file system. Calls block the calling thread: an fsync can't be awaited on Linux, and moving it to
/// another thread would cost more than it takes. The agent's thread pool is sized for it.
/// </summary>
internal sealed class PosixDisk : IDisk
{
    public ValueTask<bool> Exists(string path) => ValueTask.FromResult(Path.Exists(path));

    public ValueTask<byte[]> Read(string path) => ValueTask.FromResult(File.ReadAllBytes(path));

    public ValueTask<IReadOnlyList<DiskEntry>> List(string directory)
    {
        if (!Directory.Exists(directory)) return ValueTask.FromResult<IReadOnlyList<DiskEntry>>([]);
        var entries = new DirectoryInfo(directory).EnumerateFileSystemInfos()
            .Select(e => new DiskEntry(e.Name, e is DirectoryInfo && e.LinkTarget is null)).ToList();
        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return ValueTask.FromResult<IReadOnlyList<DiskEntry>>(entries);
    }

    public ValueTask CreateDirectory(string path)
    {
        Directory.CreateDirectory(path);
        return ValueTask.CompletedTask;
    }

    public ValueTask Write(string path, ReadOnlyMemory<byte> content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(content.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IAppendFile> OpenAppend(string path)
    {
        // Not FileMode.Append: that forbids cutting a torn tail.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        return ValueTask.FromResult<IAppendFile>(new AppendFile(file));
    }

    public ValueTask Rename(string from, string to)
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteFile(string path)
    {
        try { File.Delete(path); }
        catch (DirectoryNotFoundException) { } // Gone with its directory: that is what was asked for.
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteTree(string path)
    {
        while (Directory.Exists(path))
        {
            try { Directory.Delete(path, recursive: true); }
            catch (DirectoryNotFoundException) { } // Of a folder below it, too, that another took away just now.
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushFile(string path)
    {
        PosixSync.FlushFile(path);
        return ValueTask.CompletedTask;
    }

    public ValueTask FlushDirectory(string path)
    {
        PosixSync.FlushDirectory(path);
        return ValueTask.CompletedTask;
    }

    private sealed class AppendFile(FileStream file) : IAppendFile
    {
        public long Length => file.Length;

        public ValueTask Append(ReadOnlyMemory<byte> bytes)
        {
            file.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask Flush()
        {
            file.Flush(flushToDisk: true);
            return ValueTask.CompletedTask;
        }

        public ValueTask Truncate(long length)
        {
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
