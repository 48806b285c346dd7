namespace Aedile.Tests.Simulation.Fleet;

/// <summary>The runs of the membership alone, made once for all tests that look at them.</summary>
public sealed class MembershipRuns
{
    private const int Usual = 600;
    private readonly Lazy<(Tally Done, string? Failure)> _runs = new(
        static () => SeedPool.Run(SeedPool.Count(Usual), nameof(MembershipSimulationTests), Execute));

    /// <summary>What all runs together did.</summary>
    internal Tally Done => _runs.Value.Done;

    /// <summary>The first broken promise; null when there was none.</summary>
    internal string? Failure => _runs.Value.Failure;

    /// <summary>One run without sabotage.</summary>
    internal static RunResult Execute(ulong seed, bool isTraceKept) =>
        new MembershipRun(seed, FleetSabotage.None, isTraceKept).Execute();
}

/// <summary>Goal: whatever dies, hangs or is cut, all silos agree in the end, and nobody healthy is put out.</summary>
public sealed class MembershipSimulationTests(MembershipRuns runs, ITestOutputHelper output)
    : IClassFixture<MembershipRuns>
{
    private const ulong SeedsMost = 100;

    [Fact]
    public void All_silos_agree_in_the_end_whatever_fails_whenever()
    {
        if (runs.Failure is { } failure) Assert.Fail(failure);
        output.WriteLine(runs.Done.ToString());
    }

    [Fact]
    public void A_seed_means_the_same_run_each_time()
    {
        for (var seed = SeedPool.First; seed < SeedPool.First + 5; seed++)
        {
            var (first, second) = (MembershipRuns.Execute(seed, false), MembershipRuns.Execute(seed, true));

            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Done.ToString(), second.Done.ToString());
        }
    }

    [Theory]
    [InlineData("silo killed")]
    [InlineData("all silos killed")]
    [InlineData("silo stopped in order")]
    [InlineData("silo paused")]
    [InlineData("silo isolated")]
    [InlineData("silo isolated alone")]
    [InlineData("silo cut off from all")]
    [InlineData("two silos parted")]
    [InlineData("cut one way")]
    [InlineData("link broken")]
    [InlineData("database cut off")]
    [InlineData("database down")]
    [InlineData("database went back")]
    public void Every_kind_of_fault_strikes(string kind)
    {
        Assert.SkipWhen(SeedPool.IsChosen, "One seed alone need not meet everything.");

        Assert.True(runs.Done[$"fault: {kind}"] >= 3, runs.Done.ToString());
    }

    [Fact]
    public void Votes_that_count_twice_are_found() => MustBeFound(new DoubleVotes());

    [Fact]
    public void A_table_changed_without_comparing_is_found() => MustBeFound(new BlindTable());

    [Fact]
    public void Handing_over_in_name_only_is_found() => MustBeFound(new HastyHandover());

    [Fact]
    public void A_silo_that_ignores_its_lease_is_found() => MustBeFound(new EndlessLease());

    private void MustBeFound(FleetSabotage sabotage)
    {
        for (var seed = 1UL; seed <= SeedsMost; seed++)
        {
            if (new MembershipRun(seed, sabotage, isTraceKept: false).Execute().Violation is not { } found) continue;
            output.WriteLine($"found with seed {seed}: {found}");
            return;
        }
        Assert.Fail($"{SeedsMost} seeds did not notice it");
    }
}
