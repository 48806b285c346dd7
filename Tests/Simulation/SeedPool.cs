using System.Collections.Concurrent;
using System.Globalization;
using Aedile.Tests.Support;

namespace Aedile.Tests.Simulation;

/// <summary>Which seeds a test run tries, and how: on all cores, each run in a thread of its own.</summary>
internal static class SeedPool
{
    /// <summary>
    /// The first seed: the one that the environment names, a new one in the long form, else always the same.
    /// </summary>
    public static ulong First { get; } = Environment.GetEnvironmentVariable("AEDILE_SEED") is { } text
        ? ulong.Parse(text, CultureInfo.InvariantCulture)
        : Seed.IsLong ? (ulong)Seed.Take().Value << 20 : 1;

    /// <summary>Whether the environment names the seeds: then a run need not do or meet everything.</summary>
    public static bool IsChosen => Environment.GetEnvironmentVariable("AEDILE_SEED") is not null;

    /// <summary>How many seeds: one when the environment names it.</summary>
    public static ulong Count(int usual) => IsChosen
        ? ulong.Parse(Environment.GetEnvironmentVariable("AEDILE_SEEDS") ?? "1", CultureInfo.InvariantCulture)
        : (ulong)Seed.Rounds(usual);

    /// <summary>Runs them until one breaks a promise.</summary>
    /// <param name="count">How many.</param>
    /// <param name="scenario">Name of the test class, for the command that repeats a run.</param>
    /// <param name="run">One run: seed, and whether to keep the trace.</param>
    /// <returns>What was done, and the first broken promise with the end of its trace.</returns>
    public static (Tally Done, string? Failure) Run(ulong count, string scenario, Func<ulong, bool, RunResult> run)
    {
        var next = (long)First - 1;
        var failed = new ConcurrentDictionary<ulong, string>();
        var tallies = new ConcurrentQueue<Tally>();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            var tally = new Tally();
            tallies.Enqueue(tally);
            while (failed.IsEmpty && (ulong)Interlocked.Increment(ref next) is var seed && seed < First + count)
            {
                var result = Try(run, seed, isTraceKept: false);
                tally.Add(result.Done);
                if (result.Violation is { } violation) failed[seed] = violation;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var done = new Tally();
        foreach (var tally in tallies) done.Add(tally);
        return (done, failed.IsEmpty ? null : Describe(failed.MinBy(pair => pair.Key), scenario, run));
    }

    // An exception in a thread of ours would end the test program without a word about the seed.
    private static RunResult Try(Func<ulong, bool, RunResult> run, ulong seed, bool isTraceKept)
    {
        try
        {
            return run(seed, isTraceKept);
        }
        catch (Exception error)
        {
            return new RunResult(error.ToString(), 0, new Tally(), "");
        }
    }

    private static string Describe(
        KeyValuePair<ulong, string> failed, string scenario, Func<ulong, bool, RunResult> run)
    {
        var seed = failed.Key;
        var result = Try(run, seed, isTraceKept: true);
        var lines = result.Trace.Split('\n');
        if (Environment.GetEnvironmentVariable("AEDILE_TEST_LOGS") is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{scenario}-{seed}.txt"), result.Trace);
        }
        return $"{result.Violation ?? $"not found again, so the run is not deterministic: {failed.Value}"}\n"
            + $"Again, with the whole trace in .cache/test/simulation/{scenario}-{seed}.txt:\n"
            + $"    AEDILE_SEED={seed} ./test simulation\n"
            + string.Join('\n', lines[Math.Max(0, lines.Length - 150)..]);
    }
}
