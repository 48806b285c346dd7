using Aedile.Agent.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// A disk that is not flushed where it should be. Only the agent's own flushes are skipped, never git's.
/// </summary>
internal sealed class ForgetfulDisk(IDisk disk, Predicate<string> isSkipped) : IDisk
{
    public ValueTask<bool> Exists(string path) => disk.Exists(path);

    public ValueTask<byte[]> Read(string path) => disk.Read(path);

    public ValueTask<IReadOnlyList<DiskEntry>> List(string directory) => disk.List(directory);

    public ValueTask CreateDirectory(string path) => disk.CreateDirectory(path);

    public ValueTask Write(string path, ReadOnlyMemory<byte> content) => disk.Write(path, content);

    public async ValueTask<IAppendFile> OpenAppend(string path)
    {
        var file = await disk.OpenAppend(path);
        return isSkipped(path) ? new ForgetfulFile(file) : file;
    }

    public ValueTask Rename(string from, string to) => disk.Rename(from, to);

    public ValueTask DeleteFile(string path) => disk.DeleteFile(path);

    public ValueTask DeleteTree(string path) => disk.DeleteTree(path);

    public ValueTask FlushFile(string path) => isSkipped(path) ? ValueTask.CompletedTask : disk.FlushFile(path);

    public ValueTask FlushDirectory(string path) =>
        isSkipped(path) ? ValueTask.CompletedTask : disk.FlushDirectory(path);

    private sealed class ForgetfulFile(IAppendFile file) : IAppendFile
    {
        public long Length => file.Length;

        public ValueTask Append(ReadOnlyMemory<byte> bytes) => file.Append(bytes);

        public ValueTask Flush() => ValueTask.CompletedTask;

        public ValueTask Truncate(long length) => file.Truncate(length);

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
