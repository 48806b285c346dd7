using Aedile.Agent.Repositories;

namespace Aedile.Agent.Identity;

/// <summary>Files that only this agent's user may read, there after a power cut whole or not at all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces a file's content.</summary>
    /// <exception cref="IOException">The disk did not take it; the old content is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        PosixSync.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a folder that only this agent's user may enter, durably.</summary>
    public static void MakeFolder(string path)
    {
        Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
        PosixSync.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
