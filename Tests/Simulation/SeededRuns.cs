using System.Collections.Concurrent;
using System.Globalization;
using Aedile.Engine.Invocation;
using Aedile.Tests.Support;

namespace Aedile.Tests.Simulation;

/// <summary>The runs of one set of seeds, made once for all tests that look at them.</summary>
public sealed class SeededRuns
{
    private const int Usual = 2000;
    private readonly Lazy<(Tally Done, string? Failure)> _runs;

    public SeededRuns() => _runs = new(RunAll);

    /// <summary>
    /// The first seed: the one that the environment names, a new one in the long form, else always the same.
    /// </summary>
    internal static ulong First { get; } = Environment.GetEnvironmentVariable("AEDILE_SEED") is { } text
        ? ulong.Parse(text, CultureInfo.InvariantCulture)
        : Seed.IsLong ? (ulong)Seed.Take().Value << 20 : 1;

    /// <summary>What all runs together did.</summary>
    internal Tally Done => _runs.Value.Done;

    /// <summary>The first broken promise with its seed and the end of its trace; null when there was none.</summary>
    internal string? Failure => _runs.Value.Failure;

    /// <summary>Compiled once: it is the slowest part of a run.</summary>
    internal static ProxyCompiler Proxies { get; } = new();

    /// <summary>How many seeds: one when the environment names it.</summary>
    internal static ulong Count => Environment.GetEnvironmentVariable("AEDILE_SEED") is null
        ? (ulong)Seed.Rounds(Usual)
        : ulong.Parse(Environment.GetEnvironmentVariable("AEDILE_SEEDS") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>One run without sabotage.</summary>
    internal static RunResult Execute(ulong seed, bool isTraceKept) =>
        new Run(seed, Proxies, Sabotage.None, isTraceKept).Execute();

    // On all cores: a run has a thread of its own, and nothing in common with another but the compiled proxies.
    private static (Tally Done, string? Failure) RunAll()
    {
        var next = (long)First - 1;
        var failed = new ConcurrentQueue<ulong>();
        var tallies = new ConcurrentQueue<Tally>();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            var tally = new Tally();
            tallies.Enqueue(tally);
            while (failed.IsEmpty && (ulong)Interlocked.Increment(ref next) is var seed && seed < First + Count)
            {
                var result = Execute(seed, isTraceKept: false);
                tally.Add(result.Done);
                if (result.Violation is not null) failed.Enqueue(seed);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var done = new Tally();
        foreach (var tally in tallies) done.Add(tally);
        return (done, failed.IsEmpty ? null : Describe(failed.Min()));
    }

    private static string Describe(ulong seed)
    {
        var result = Execute(seed, isTraceKept: true);
        var lines = result.Trace.Split('\n');
        if (Environment.GetEnvironmentVariable("AEDILE_TEST_LOGS") is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"seed-{seed}.txt"), result.Trace);
        }
        return $"AEDILE_SEED={seed}: {result.Violation ?? "not found again: the run is not deterministic"}\n"
            + string.Join('\n', lines[Math.Max(0, lines.Length - 150)..]);
    }
}
