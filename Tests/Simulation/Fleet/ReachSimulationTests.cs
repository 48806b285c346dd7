namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// Goal: what a grain yields arrives without a gap or an error says so, and observers are called at most once, whatever
/// dies, hangs or is cut.
/// </summary>
public sealed class ReachSimulationTests(ITestOutputHelper output)
{
    private const int Usual = 40;

    [Fact]
    public void Enumerations_have_no_gaps_and_observers_are_called_once_at_most_whatever_fails_whenever()
    {
        var (done, failure) = SeedPool.Run(SeedPool.Count(Usual), nameof(ReachSimulationTests), Execute);
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

    private static RunResult Execute(ulong seed, bool isTraceKept) => new ReachRun(seed, isTraceKept).Execute();
}
