using System.Runtime.InteropServices;

namespace Aedile.Silo.Hosting;

/// <summary>Ties this process's life to that of the process which started it.</summary>
internal static partial class ParentDeath
{
    private const int SetParentDeathSignal = 1;
    private const int Kill = 9;

    /// <summary>
    /// From now on the kernel kills this process when the thread that started it ends. Kill, not terminate: state is
    /// safe under either, and a successor must find the ports free at once.
    /// </summary>
    /// <exception cref="StartupException">The parent is already gone.</exception>
    public static void Follow(int parent)
    {
        if (Prctl(SetParentDeathSignal, Kill, 0, 0, 0) != 0)
            throw new StartupException($"prctl failed with error {Marshal.GetLastPInvokeError()}.");
        // It may have died before the call above; then its signal never comes.
        if (GetParent() != parent)
            throw new StartupException($"Process {parent}, which started this one, is gone.");
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();
}
