using System.Globalization;
using System.Runtime.InteropServices;
using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>Looks at this machine. Cost: some reads of /proc, well below a millisecond.</summary>
internal sealed class MachineProbe(string folder, string agentVersion)
{
    private const int MountPoint = 1;
    private const int MountOptions = 3;

    // The journal needs room to be compacted, and git for its packs.
    private const long RoomMin = 64L << 20;

    /// <summary>The machine as it is now.</summary>
    /// <exception cref="IOException">The folder's file system can't be asked.</exception>
    public MachineStatus Look()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var drive = new DriveInfo(folder);
        return new MachineStatus(
            RuntimeInformation.OSDescription, agentVersion, Environment.ProcessorCount, memory,
            Math.Min(memory, ReadAvailableMemory() ?? memory), drive.TotalSize, drive.AvailableFreeSpace);
    }

    /// <summary>Whether so little room is left that writes will soon be refused.</summary>
    public static bool IsFull(MachineStatus machine) => machine.DiskFreeBytes < RoomMin;

    /// <summary>Whether the folder's file system takes no writes.</summary>
    public bool IsReadOnly() => IsReadOnly(File.ReadLines("/proc/self/mounts"), folder);

    /// <summary>Whether a folder's file system takes no writes, by the kernel's list of mounts. Pure.</summary>
    internal static bool IsReadOnly(IEnumerable<string> mounts, string folder)
    {
        // The deepest mount above the folder has it; of several at one point, the last.
        var (deepest, isReadOnly) = (0, false);
        foreach (var fields in mounts.Select(line => line.Split(' ')))
        {
            if (fields.Length <= MountOptions) continue;
            var point = fields[MountPoint].Replace("\\040", " ", StringComparison.Ordinal).TrimEnd('/');
            if (folder != point && !folder.StartsWith(point + '/', StringComparison.Ordinal)) continue;
            if (point.Length < deepest) continue;
            (deepest, isReadOnly) = (point.Length, fields[MountOptions].Split(',').Contains("ro"));
        }

        return isReadOnly;
    }

    private static long? ReadAvailableMemory()
    {
        const string Name = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo")
            .FirstOrDefault(text => text.StartsWith(Name, StringComparison.Ordinal));
        var number = line?[Name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : null;
    }
}
