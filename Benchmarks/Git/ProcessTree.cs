using System.Globalization;

namespace Aedile.Benchmarks.Git;

/// <summary>Reads CPU time of a process and all that descend from it, and ends them.</summary>
internal static class ProcessTree
{
    // The kernel counts in USER_HZ, 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds of the processes below <paramref name="root"/>, and of children already gone.</summary>
    public static double CpuSeconds(int root)
    {
        double ticks = 0;
        foreach (var stat in Below(root))
            ticks += stat.Skip(11).Take(4).Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
        return ticks / TicksPerSecond;
    }

    /// <summary>Asks the process to end (SIGINT or SIGTERM) and kills what is left after 10 s.</summary>
    public static async Task End(System.Diagnostics.Process process, string signal)
    {
        if (process.HasExited) return;
        using var kill = System.Diagnostics.Process.Start(
            "sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}")]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try { await process.WaitForExitAsync(limit.Token); }
        catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
    }

    private static List<string[]> Below(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0]))
            .Select(Read).OfType<(int Pid, string[] Stat)>().ToList();
        var tree = all.Where(p => p.Pid == root).ToList();
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(all.Where(p => int.Parse(p.Stat[1], CultureInfo.InvariantCulture) == tree[i].Pid));
        return [.. tree.Select(p => p.Stat)];
    }

    // Fields after the name: state, parent, …; the 12th to 15th are utime, stime, cutime and cstime.
    private static (int, string[])? Read(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var pid = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            return (pid, text[(text.LastIndexOf(')') + 2)..].Split(' '));
        }
        catch (IOException) { return null; } // It ended between the listing and the look.
    }
}
