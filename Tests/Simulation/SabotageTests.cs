namespace Aedile.Tests.Simulation;

/// <summary>
/// Goal: the simulation notices the loss of each rule that the promises rest on. Each test breaks one and counts the
/// seeds until a promise is broken.
/// </summary>
public sealed class SabotageTests(ITestOutputHelper output)
{
    private const ulong SeedsMost = 60;

    [Fact]
    public void A_row_written_without_comparing_is_found() => MustBeFound(() => new BlindDatabase());

    [Fact]
    public void A_push_acknowledged_before_its_decision_is_stored_is_found() => MustBeFound(() => new HastyDatabase());

    [Fact]
    public void Reads_of_whatever_a_replica_holds_are_found() => MustBeFound(() => new CarelessReads());

    [Fact]
    public void Votes_before_the_promise_is_on_disk_are_found() => MustBeFound(() => new HastyVotes());

    [Fact]
    public void Votes_of_replicas_that_promised_nothing_are_found() => MustBeFound(() => new EmptyVotes());

    [Fact]
    public void Agents_that_take_silence_for_an_abort_are_found() => MustBeFound(() => new ImpatientAgents());

    [Fact]
    public void A_journal_that_is_not_flushed_is_found() =>
        MustBeFound(() => new SkippedFlushes(path => path.Contains("/journal/", StringComparison.Ordinal)));

    [Fact]
    public void A_journal_whose_folder_is_not_flushed_is_found() =>
        MustBeFound(() => new SkippedFlushes(path => path.EndsWith("/journal", StringComparison.Ordinal)));

    [Fact]
    public void Quarantines_that_are_not_flushed_are_found() =>
        MustBeFound(() => new SkippedFlushes(path => path.Contains("/incoming-", StringComparison.Ordinal)));

    [Fact]
    public void Folders_of_refs_that_are_not_flushed_are_found() =>
        MustBeFound(() => new SkippedFlushes(path => path.Contains("/refs", StringComparison.Ordinal)));

    [Fact]
    public void A_folder_of_packs_that_is_not_flushed_is_found() =>
        MustBeFound(() => new SkippedFlushes(path => path.EndsWith("/objects/pack", StringComparison.Ordinal)));

    private void MustBeFound(Func<Sabotage> sabotage)
    {
        for (var seed = 1UL; seed <= SeedsMost; seed++)
        {
            if (new Run(seed, SeededRuns.Proxies, sabotage(), isTraceKept: false).Execute().Violation is not { } found)
                continue;
            output.WriteLine($"found with seed {seed}: {found}");
            return;
        }
        Assert.Fail($"{SeedsMost} seeds did not notice it");
    }

}
