using System.Reflection;
using Aedile.Engine.Messaging;
using Aedile.Engine.Serialization;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>The runs of whole silos, made once for all tests that look at them.</summary>
public sealed class FleetRuns
{
    private const int Usual = 150;
    private readonly Lazy<(Tally Done, string? Failure)> _runs = new(
        static () => SeedPool.Run(SeedPool.Count(Usual), nameof(FleetSimulationTests), Execute));

    /// <summary>Where the contracts and grains of the users are.</summary>
    internal static IReadOnlyList<Assembly> Parts { get; } =
    [
        typeof(FleetRuns).Assembly, typeof(IModelJournal).Assembly, typeof(IModelGrain).Assembly,
    ];

    /// <summary>Made once, for all silos of all runs.</summary>
    internal static Codecs Codecs { get; } = SiloLinks.CodecsOf(Parts, withStacks: false);

    /// <summary>What all runs together did.</summary>
    internal Tally Done => _runs.Value.Done;

    /// <summary>The first broken promise; null when there was none.</summary>
    internal string? Failure => _runs.Value.Failure;

    /// <summary>One run without sabotage.</summary>
    internal static RunResult Execute(ulong seed, bool isTraceKept) =>
        new CounterRun(seed, FleetSabotage.None, isTraceKept).Execute();
}

/// <summary>
/// Goal: no acknowledged write is lost and none happens twice, whatever dies, hangs or is cut; counters are
/// linearizable.
/// </summary>
public sealed class FleetSimulationTests(FleetRuns runs, ITestOutputHelper output) : IClassFixture<FleetRuns>
{
    private const ulong SeedsMost = 60;

    [Fact]
    public void Counters_are_right_whatever_fails_whenever()
    {
        if (runs.Failure is { } failure) Assert.Fail(failure);
        output.WriteLine(runs.Done.ToString());
    }

    [Fact]
    public void A_seed_means_the_same_run_each_time()
    {
        for (var seed = SeedPool.First; seed < SeedPool.First + 5; seed++)
        {
            var (first, second) = (FleetRuns.Execute(seed, false), FleetRuns.Execute(seed, true));

            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Done.ToString(), second.Done.ToString());
        }
    }

    [Fact]
    public void State_written_without_comparing_is_found() => MustBeFound(new BlindWrites());

    private void MustBeFound(FleetSabotage sabotage)
    {
        for (var seed = 1UL; seed <= SeedsMost; seed++)
        {
            if (new CounterRun(seed, sabotage, isTraceKept: false).Execute().Violation is not { } found) continue;
            output.WriteLine($"found with seed {seed}: {found}");
            return;
        }
        Assert.Fail($"{SeedsMost} seeds did not notice it");
    }
}
