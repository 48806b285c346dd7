using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Aedile.Client.Fleet;

/// <summary>
/// Kills the process (kill -9, no clean-up of any kind) when it passes the point that <c>AEDILE_STOP_AT</c> names, as
/// in <c>prepared</c>, <c>prepared:2</c> (second pass) or <c>node-1/prepared:2</c> (that process only). For tests. A
/// file beside the process's data keeps it from dying twice, so that a supervisor may start it again unchanged.
/// </summary>
public sealed class CrashPoints : ICrashPoints
{
    /// <summary>The variable that production never sets.</summary>
    public const string Variable = "AEDILE_STOP_AT";

    private readonly string _marker;
    private readonly string _point;
    private readonly int _pass;
    private readonly ConcurrentDictionary<string, int> _passes = new();

    private CrashPoints(string marker, string point, int pass)
    {
        _marker = marker;
        _point = point;
        _pass = pass;
    }

    /// <summary>Crash points that do nothing.</summary>
    public static ICrashPoints None { get; } = new NoCrashPoints();

    /// <summary>What the environment asks for; <see cref="None"/> without the variable.</summary>
    /// <param name="process">Name of this process, as in <c>node-1</c>.</param>
    /// <param name="folder">Its data folder, where <c>stopped-at-…</c> is written.</param>
    public static ICrashPoints FromEnvironment(string process, string folder)
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return None;
        var (scope, rest) = text.Split('/', 2) is [var first, var second] ? (first, second) : (process, text);
        if (scope != process) return None;
        var parts = rest.Split(':', 2);
        var pass = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        var marker = Path.Combine(folder, "stopped-at-" + parts[0]);
        return File.Exists(marker) ? None : new CrashPoints(marker, parts[0], pass);
    }

    /// <inheritdoc/>
    public void Reach(string point)
    {
        if (point != _point || _passes.AddOrUpdate(point, 1, (_, count) => count + 1) != _pass) return;
        File.WriteAllText(_marker, point);
        Process.GetCurrentProcess().Kill();
    }

    private sealed class NoCrashPoints : ICrashPoints
    {
        public void Reach(string point) { }
    }
}
