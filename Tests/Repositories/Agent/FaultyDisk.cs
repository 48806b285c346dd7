using Aedile.Agent.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>
/// A real disk that dies at one chosen change, after half of it where a half can be; then nothing works.
/// </summary>
internal sealed class FaultyDisk(int dieAt) : IDisk
{
    private readonly PosixDisk _disk = new();
    private int _changes;

    /// <summary>Changes so far: appends, flushes, renames, deletions.</summary>
    public int Changes => _changes;

    public int Flushes { get; private set; }

    public bool RefusesDirectories { get; set; }

    /// <summary>What a deletion of a tree throws, when set.</summary>
    public Exception? DeletionFault { get; set; }

    /// <summary>Files and folders flushed, in order.</summary>
    public List<string> Flushed { get; } = [];

    /// <summary>What a flush waits for, when set.</summary>
    public Task? FlushGate { get; set; }

    public ValueTask<bool> Exists(string path) => _disk.Exists(path);

    public ValueTask<byte[]> Read(string path) => _disk.Read(path);

    public ValueTask<IReadOnlyList<DiskEntry>> List(string directory) => _disk.List(directory);

    public ValueTask CreateDirectory(string path) => _disk.CreateDirectory(path);

    public ValueTask Write(string path, ReadOnlyMemory<byte> content)
    {
        Change();
        return _disk.Write(path, content);
    }

    public async ValueTask<IAppendFile> OpenAppend(string path) => new File(this, await _disk.OpenAppend(path));

    public ValueTask Rename(string from, string to)
    {
        Change();
        return _disk.Rename(from, to);
    }

    public ValueTask DeleteFile(string path)
    {
        Change();
        return _disk.DeleteFile(path);
    }

    public ValueTask DeleteTree(string path)
    {
        if (DeletionFault is { } fault) throw fault;
        Change();
        return _disk.DeleteTree(path);
    }

    public ValueTask FlushFile(string path)
    {
        Change();
        Flushed.Add(path);
        return _disk.FlushFile(path);
    }

    public ValueTask FlushDirectory(string path)
    {
        if (RefusesDirectories) throw new IOException("fsync says no");
        Change();
        Flushed.Add(path);
        return _disk.FlushDirectory(path);
    }

    private void Change()
    {
        if (++_changes >= dieAt) throw new IOException("The disk has died.");
    }

    private sealed class File(FaultyDisk disk, IAppendFile file) : IAppendFile
    {
        public long Length => file.Length;

        public async ValueTask Append(ReadOnlyMemory<byte> bytes)
        {
            try { disk.Change(); }
            catch (IOException)
            {
                await file.Append(bytes[..(bytes.Length / 2)]);
                throw;
            }
            await file.Append(bytes);
        }

        public async ValueTask Flush()
        {
            disk.Flushes++;
            if (disk.FlushGate is { } gate) await gate;
            disk.Change();
            await file.Flush();
        }

        public ValueTask Truncate(long length)
        {
            disk.Change();
            return file.Truncate(length);
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
