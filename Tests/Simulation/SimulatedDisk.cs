using Aedile.Agent.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// A machine's disk as one process reaches it: every operation takes time, and may be the process's last.
/// </summary>
internal sealed class SimulatedDisk(DiskImage image, Seam seam) : IDisk
{
    public ValueTask<bool> Exists(string path) => Do("exists", path, () => image.Exists(path));

    public ValueTask<byte[]> Read(string path) => Do("read", path, () => image.Read(path));

    public ValueTask<IReadOnlyList<DiskEntry>> List(string directory) => Do<IReadOnlyList<DiskEntry>>(
        "list", directory, () => [.. image.List(directory).Select(e => new DiskEntry(e.Name, e.IsFolder))]);

    public ValueTask CreateDirectory(string path) => Change("mkdir", path, () => image.CreateFolder(path));

    public ValueTask Write(string path, ReadOnlyMemory<byte> content) =>
        Change("write", path, () => image.Write(path, content.Span));

    public ValueTask<IAppendFile> OpenAppend(string path) =>
        Do<IAppendFile>("open", path, () => new AppendFile(this, image.Open(path), path));

    public ValueTask Rename(string from, string to) => Change("rename", $"{from} {to}", () => image.Rename(from, to));

    public ValueTask DeleteFile(string path) => Change("delete", path, () => image.DeleteFile(path));

    public ValueTask DeleteTree(string path) => Change("delete-tree", path, () => image.DeleteTree(path));

    public ValueTask FlushFile(string path) => Flush("fsync", path, () => image.FlushFile(path));

    public ValueTask FlushDirectory(string path) => Flush("fsync-dir", path, () => image.FlushFolder(path));

    /// <summary>Makes an empty file, for git's locks; false where something is.</summary>
    public ValueTask<bool> TryCreateNew(string path) => Do("create", path, () => image.TryCreateNew(path));

    private async ValueTask<T> Do<T>(string what, string path, Func<T> act)
    {
        await seam.Enter(what, path);
        var result = act();
        await seam.Leave(what);
        return result;
    }

    private async ValueTask Change(string what, string path, Action act)
    {
        await seam.Enter(what, path);
        act();
        await seam.Leave(what);
    }

    private async ValueTask Flush(string what, string path, Action act)
    {
        await seam.EnterFlush(what, path);
        act();
        await seam.Leave(what);
    }

    private sealed class AppendFile(SimulatedDisk disk, DiskFile file, string path) : IAppendFile
    {
        public long Length => file.Length;

        public ValueTask Append(ReadOnlyMemory<byte> bytes) =>
            disk.Change("append", path, () => file.Append(bytes.Span));

        public ValueTask Flush() => disk.Flush("fsync", path, file.Flush);

        public ValueTask Truncate(long length) =>
            disk.Change("truncate", path, () => file.Truncate((int)length));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
