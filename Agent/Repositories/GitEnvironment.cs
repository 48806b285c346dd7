using System.Diagnostics;
using System.Globalization;

namespace Aedile.Agent.Repositories;

/// <summary>
/// How git children are started: no configuration of machine or user, ours by environment (no argument list, no file to
/// keep up to date, and it also reaches git's own children).
/// </summary>
internal static class GitEnvironment
{
    private static readonly (string Key, string Value)[] Settings =
    [
        ("safe.directory", "*"),
        ("core.hooksPath", "/dev/null"),
        ("core.fsync", "objects,derived-metadata,reference"),
        ("core.fsyncMethod", "fsync"),
        // Locks are never waited for in normal work: one command at a time moves a replica's refs.
        ("core.filesRefLockTimeout", "1000"),
        ("core.packedRefsTimeout", "10000"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("receive.autogc", "false"),
        ("transfer.hideRefs", "refs/internal"),
        ("uploadpack.allowFilter", "true"),
        ("uploadpack.allowAnySHA1InWant", "true"),
    ];

    /// <summary>A git command over a repository.</summary>
    /// <param name="repository">Its folder, also where the child works; null for a command without one.</param>
    /// <param name="quarantine">Where new objects go; null for the repository itself.</param>
    /// <param name="arguments">The command and its arguments.</param>
    public static ProcessStartInfo Make(string? repository, string? quarantine, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false, WorkingDirectory = repository ?? "/",
        };
        var environment = start.Environment;
        foreach (var name in environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        environment["HOME"] = "/nonexistent";
        environment["LC_ALL"] = "C";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (key, value) in Settings) Configure(start, key, value);
        if (repository is not null) environment["GIT_DIR"] = repository;
        if (quarantine is not null)
        {
            // Not GIT_QUARANTINE_PATH: with it git refuses to touch refs, and prepare must see the new objects.
            environment["GIT_OBJECT_DIRECTORY"] = quarantine;
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Path.Combine(repository!, "objects");
        }
        return start;
    }

    /// <summary>
    /// Lets the child leave its files to us: the agent flushes the whole quarantine before it promises anything, so
    /// flushing each object twice would only cost time.
    /// </summary>
    public static void LeaveFlushing(ProcessStartInfo start) => Configure(start, "core.fsync", "none");

    /// <summary>Adds a setting that only this child knows: unlike an argument, no other process can read it.</summary>
    public static void Configure(ProcessStartInfo start, string key, string value)
    {
        var environment = start.Environment;
        var count = environment.TryGetValue("GIT_CONFIG_COUNT", out var text)
            ? int.Parse(text!, CultureInfo.InvariantCulture)
            : 0;
        environment[$"GIT_CONFIG_KEY_{count}"] = key;
        environment[$"GIT_CONFIG_VALUE_{count}"] = value;
        environment["GIT_CONFIG_COUNT"] = (count + 1).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Lets the kernel kill the child when the thread that started it ends: for children that neither read our pipe nor
    /// end by themselves. Start it from <see cref="SpawnThread"/> only.
    /// </summary>
    public static void DieWithAgent(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, "--pdeathsig");
        start.ArgumentList.Insert(1, "KILL");
        start.ArgumentList.Insert(2, "--");
        start.ArgumentList.Insert(3, start.FileName);
        start.FileName = "setpriv";
    }
}
