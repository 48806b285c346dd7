namespace Aedile.Tests.Simulation;

/// <summary>Goal: no acknowledged push is lost, and none is half there, whatever dies, whenever.</summary>
public sealed class PowerLossTests(SeededRuns runs, ITestOutputHelper output) : IClassFixture<SeededRuns>
{
    [Fact]
    public void No_promise_is_broken_whatever_fails_whenever()
    {
        if (runs.Failure is { } failure) Assert.Fail(failure);
        output.WriteLine(runs.Done.ToString());
    }

    [Fact]
    public void A_seed_means_the_same_run_each_time()
    {
        for (var seed = SeedPool.First; seed < SeedPool.First + 5; seed++)
        {
            var (first, second) = (SeededRuns.Execute(seed, false), SeededRuns.Execute(seed, true));

            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Done.ToString(), second.Done.ToString());
        }
    }

    [Fact]
    public void The_runs_do_enough_for_their_silence_to_mean_something()
    {
        Assert.SkipWhen(SeedPool.IsChosen, "One seed alone need not do everything.");

        Assert.All(
            new (string What, int OnAverage100)[]
            {
                ("pushes acknowledged", 200), ("pushes unanswered", 100), ("pushes refused", 200),
                ("writes decided", 300), ("reads", 400), ("repairs finished", 30), ("agents started", 400),
                ("power losses", 200), ("promises asked about: Committed", 10), ("promises asked about: Aborted", 20),
                ("messages lost", 50), ("messages late", 30), ("messages doubled", 50), ("database writes failed", 10),
            },
            least => Assert.True(
                runs.Done[least.What] * 100L >= least.OnAverage100 * (long)SeededRuns.Count,
                $"{least.What}: {runs.Done[least.What]} in {SeededRuns.Count} runs\n{runs.Done}"));
    }

    [Theory]
    [InlineData("agent killed")]
    [InlineData("agents killed")]
    [InlineData("agent ended in order")]
    [InlineData("agent stopped for a while")]
    [InlineData("git child killed")]
    [InlineData("power lost")]
    [InlineData("power lost in many places")]
    [InlineData("disk lost")]
    [InlineData("node cut off")]
    [InlineData("silo killed")]
    [InlineData("silo stopped for a while")]
    [InlineData("silo ended in order")]
    [InlineData("silos parted")]
    [InlineData("silo lost the table")]
    public void Every_kind_of_fault_strikes(string kind)
    {
        Assert.SkipWhen(SeedPool.IsChosen, "One seed alone need not meet everything.");

        Assert.True(runs.Done[$"fault: {kind}"] >= 3, runs.Done.ToString());
    }
}
