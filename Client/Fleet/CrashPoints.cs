using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Aedile.Client.Fleet;

/// <summary>
/// Kills the process (kill -9, no clean-up of any kind) when it reaches the point that <c>AEDILE_STOP_AT</c> names:
/// <c>prepared</c>, <c>prepared:2</c> (the second time) or <c>silo/prepared:2</c> (only in processes of that name or
/// role). For tests only. A file beside the process's data keeps it from dying twice, so that a supervisor may start it
/// again unchanged. Points of a push, in their order. Agent: <c>staged</c>, <c>prepare-locked</c> (nothing journaled),
/// <c>prepare-synced</c> (quarantine on disk), <c>prepared</c> (promise on disk), <c>commit-decided</c> (decision on
/// disk), <c>commit-migrated</c> (objects moved in), <c>commit-refs</c> (refs moved), <c>commit-closed</c>.
/// Agent's enrolment: <c>enrol-key</c> (key on disk), <c>enrol-answered</c>, <c>enrol-kept</c> (grant on disk).
/// Silo: <c>begun</c>, <c>staged</c>, <c>ordered</c>, <c>prepared</c>, <c>decided</c>, <c>committed</c>.
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

    /// <summary>What the environment asks for; <see cref="NoCrashPoints"/> without the variable.</summary>
    /// <param name="process">Name of this process, as in <c>node-1</c>.</param>
    /// <param name="role">Its role, <c>silo</c> or <c>storage</c>.</param>
    /// <param name="folder">Its data folder, where <c>stopped-at-…</c> is written.</param>
    public static ICrashPoints FromEnvironment(string process, string role, string folder)
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return new NoCrashPoints();
        var (scope, place) = text.Split('/', 2) is [var first, var second] ? (first, second) : (role, text);
        if (scope != process && scope != role) return new NoCrashPoints();
        var parts = place.Split(':', 2);
        var pass = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        var marker = Path.Combine(folder, "stopped-at-" + parts[0]);
        return File.Exists(marker) ? new NoCrashPoints() : new CrashPoints(marker, parts[0], pass);
    }

    /// <inheritdoc/>
    public void Reach(string point)
    {
        if (point != _point || _passes.AddOrUpdate(point, 1, (_, count) => count + 1) != _pass) return;
        File.WriteAllText(_marker, point);
        Process.GetCurrentProcess().Kill();
    }
}
