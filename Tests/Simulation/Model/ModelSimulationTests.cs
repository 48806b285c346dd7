namespace Aedile.Tests.Simulation.Model;

/// <summary>
/// Goal: nothing acknowledged is lost, nothing refused is written, reads are as fresh as they say, and all replicas
/// have one history, whatever dies, hangs, is cut or goes back.
/// </summary>
public sealed class ModelSimulationTests(ITestOutputHelper output)
{
    private const int Usual = 100;
    private const ulong SeedsMost = 100;

    [Fact]
    public void Definitions_are_right_whatever_fails_whenever()
    {
        var (done, failure) = SeedPool.Run(SeedPool.Count(Usual), nameof(ModelSimulationTests), Execute);
        if (failure is not null) Assert.Fail(failure);
        output.WriteLine(done.ToString());
    }

    [Fact]
    public void A_seed_means_the_same_run_each_time()
    {
        for (var seed = SeedPool.First; seed < SeedPool.First + 3; seed++)
        {
            var (first, second) = (Execute(seed, false), Execute(seed, true));
            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Done.ToString(), second.Done.ToString());
        }
    }

    [Fact]
    public void Entries_appended_without_comparing_are_found()
    {
        for (var seed = 1UL; seed <= SeedsMost; seed++)
        {
            if (new ModelRun(seed, isTraceKept: false, isBlind: true).Execute().Violation is not { } found) continue;
            output.WriteLine($"found with seed {seed}: {found}");
            return;
        }

        Assert.Fail($"{SeedsMost} seeds did not notice it");
    }

    private static RunResult Execute(ulong seed, bool isTraceKept) => new ModelRun(seed, isTraceKept).Execute();
}
