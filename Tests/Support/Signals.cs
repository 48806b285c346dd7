using System.Globalization;

namespace Aedile.Tests.Support;

/// <summary>Sends signals, and reads the process table, as an operator would.</summary>
public static class Signals
{
    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    /// <param name="signal">As in <c>KILL</c>.</param>
    /// <param name="pids">The processes, in the order in which they get it.</param>
    public static async Task Send(string signal, params IEnumerable<int> pids)
    {
        var list = string.Join(' ', pids);
        if (list.Length > 0) await new Command("sh", "-c", $"for p in {list}; do kill -{signal} $p; done").Run();
    }

    /// <summary>Whether the process runs; a zombie does not.</summary>
    public static bool IsAlive(int pid) => ReadStat(pid) is { } stat && stat[0] is not ("Z" or "X");

    /// <summary>The process and all that descend from it, parents first.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(pid => (Pid: pid, Stat: ReadStat(pid)))
            .Where(p => p.Stat is not null)
            .ToLookup(p => int.Parse(p.Stat![1], CultureInfo.InvariantCulture), p => p.Pid);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++) tree.AddRange(children[tree[i]]);
        return tree;
    }

    // Fields after the command's name, which may hold blanks: state, parent, ...
    private static string[]? ReadStat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException) { return null; } // It ended.
    }
}
