using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Aedile.Silo.Hosting;

/// <summary>Files that are there after a power cut, whole or not at all.</summary>
internal static partial class DurableFile
{
    private const int OpenReadOnly = 0;

    /// <summary>Replaces a file's content. A crash leaves the old content or the new one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Permissions, set before the first byte is written.</param>
    /// <param name="writer">Ending of its own for each process that may write the file at the same time.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, string writer = "")
    {
        var temporary = $"{path}{writer}.new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes names that were added to or removed from a folder durable.</summary>
    /// <exception cref="IOException">The disk refused; the names may be gone after a power cut.</exception>
    public static void FlushFolder(string folder)
    {
        // .NET can't open a directory.
        var descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0) throw new IOException($"Can't open {folder}: error {Marshal.GetLastPInvokeError()}.");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fsync(descriptor) != 0)
            throw new IOException($"Can't flush {folder}: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);
}
