using System.Runtime.InteropServices;
using Aedile.Agent.Repositories;

namespace Aedile.Agent.Fleet;

/// <summary>
/// Ends this process when its supervisor dies, however it dies. By a descriptor of the supervisor's process, not by the
/// parent-death signal: Linux sends that when the supervisor's starting *thread* ends, and a supervisor with a thread
/// pool would lose its agents for nothing.
/// </summary>
internal static partial class ParentGuard
{
    private const int PidfdOpen = 434;
    private const short Readable = 1;
    private const int Forever = -1;

    /// <summary>Begins to watch. A supervisor that is gone already ends this process now.</summary>
    /// <exception cref="StartException">The process given is not our parent.</exception>
    public static void Watch(int parent)
    {
        var descriptor = Syscall(PidfdOpen, parent, 0);
        // After opening: if it is our parent still, the descriptor is its own and not that of a reused pid.
        if (descriptor < 0 || GetParent() != parent)
            throw new StartException($"--parent {parent} is not the process that started this agent.");
        new Thread(() => WaitAndDie((int)descriptor)) { IsBackground = true, Name = "parent guard" }.Start();
    }

    private static void WaitAndDie(int descriptor)
    {
        var waited = new PollEntry { Descriptor = descriptor, Events = Readable };
        while (Poll(ref waited, 1, Forever) <= 0) { } // Interrupted: wait on.
        PosixSignals.SendKill(Environment.ProcessId);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollEntry entries, nuint count, int timeout);
}
