using System.Collections.Immutable;
using System.Globalization;

namespace Aedile.Benchmarks.Git;

/// <summary>
/// CPU time of the whole machine. A side's own processes don't tell it all: short-lived git children are not counted
/// to a parent that doesn't wait for them. With it comes the client's git, the same on both sides.
/// </summary>
internal static class MachineCpu
{
    // The kernel counts in USER_HZ, 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    // cpu user nice system idle iowait irq softirq steal …
    private static readonly ImmutableArray<int> Busy = [1, 2, 3, 6, 7];

    /// <summary>Seconds that all cores together were busy since boot: all but idle, waiting, stolen.</summary>
    public static double BusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Busy.Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
