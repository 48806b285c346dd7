using System.Runtime.InteropServices;

namespace Aedile.Agent.Repositories;

/// <summary>Signals to processes by id: .NET can only kill.</summary>
internal static partial class PosixSignals
{
    private const int Terminate = 15;
    private const int KillNow = 9;

    /// <summary>Asks a process to end; git then removes its lock files. A process that is gone is fine.</summary>
    public static void SendTerminate(int pid) => _ = Send(pid, Terminate);

    /// <summary>Ends a process at once. One that is gone is fine.</summary>
    public static void SendKill(int pid) => _ = Send(pid, KillNow);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
