using System.Globalization;

namespace Aedile.Agent.Repositories;

/// <summary>What the kernel says of this boot and of processes in it.</summary>
internal static class MachineBoot
{
    private const int StateField = 0;
    private const int StartTimeField = 19;

    /// <summary>Identity of the current boot: a pid means nothing in another one.</summary>
    public static string ReadId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>
    /// Start time of a process in clock ticks since boot; null when it is gone or only waits to be reaped.
    /// </summary>
    public static long? ReadStartTicks(int pid)
    {
        string stat;
        try { stat = File.ReadAllText($"/proc/{pid}/stat"); }
        catch (IOException) { return null; } // No such process.
        catch (UnauthorizedAccessException) { return null; } // Somebody else's, so none of ours.

        // The command's name stands in parentheses and may hold anything; the fields after the last one are numbers.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[StateField] is "Z" or "X"
            ? null
            : long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture);
    }
}
