using System.Runtime.InteropServices;

namespace Aedile.Agent.Repositories;

/// <summary>
/// fsync of directories and of files by name: .NET can't open a directory, so this is the one P/Invoke for it.
/// </summary>
internal static partial class PosixSync
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int DirectoryOnX64 = 0x10000;
    private const int DirectoryOnArm = 0x4000;
    private const int Interrupted = 4;

    /// <summary>Makes the names in a directory durable.</summary>
    /// <exception cref="IOException">The directory can't be opened, or the disk did not take it.</exception>
    public static void FlushDirectory(string path) => Flush(path, ReadOnly | CloseOnExec | DirectoryFlag);

    /// <summary>Makes a file's content durable. fsync works on a descriptor that was opened for reading only.</summary>
    /// <exception cref="IOException">The file can't be opened, or the disk did not take it.</exception>
    public static void FlushFile(string path) => Flush(path, ReadOnly | CloseOnExec);

    // O_DIRECTORY differs between the two processor families that Linux agents run on.
    private static int DirectoryFlag =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm 
            ? DirectoryOnArm
            : DirectoryOnX64;

    private static void Flush(string path, int flags)
    {
        var descriptor = Open(path, flags);
        if (descriptor < 0) throw Error("open", path);
        try
        {
            while (Fsync(descriptor) != 0)
                if (Marshal.GetLastPInvokeError() != Interrupted) throw Error("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Error(string call, string path)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of '{path}' failed: {Marshal.GetPInvokeErrorMessage(code)} (errno {code}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
