namespace Aedile.Tests.Simulation;

/// <summary>Goal: the simulated database fails as real ones do, and only so.</summary>
public sealed class SimulatedStoreTests
{
    private readonly SimulatedScheduler _scheduler = new(new Chance(3), isTraceKept: false);

    [Fact]
    public void A_write_under_an_old_version_changes_nothing()
    {
        var store = new SimulatedStore(_scheduler, new StoreTrouble());

        Assert.True(store.TrySet("a", 0, 1));
        Assert.False(store.TrySet("a", 0, 2));
        Assert.Equal(1, store["a"].Content);
    }

    [Fact]
    public void Failures_come_before_and_after_the_write_and_a_late_one_still_happens()
    {
        var store = new SimulatedStore(_scheduler, new StoreTrouble { IsOn = true, FailOneIn = 3, SlowOneIn = 5,
            SlowMost = TimeSpan.FromSeconds(30) });
        var process = _scheduler.Start("writer");
        var connection = store.Connect(process, "machine", new Chance(4));
        var (told, failedAndWritten, failedAndNot) = (0, 0, 0);
        for (var i = 0; i < 200; i++)
        {
            var name = $"row-{i}";
            var writing = process.Run(() => connection.Run("write", s => s.TrySet(name, 0, 1)));
            Run(() => writing.IsCompleted, TimeSpan.FromSeconds(20));
            if (writing.IsCompletedSuccessfully) told++;
            _scheduler.RunUntil(() => false, TimeSpan.FromMinutes(1));
            if (writing.IsCompletedSuccessfully) Assert.Equal(1, store[name].Version);
            else if (store[name].Version == 1) failedAndWritten++;
            else failedAndNot++;
        }
        Assert.True(told > 20 && failedAndWritten > 20 && failedAndNot > 20,
            $"{told} told, {failedAndWritten} written without answer, {failedAndNot} not written");
    }

    [Fact]
    public void Who_is_cut_off_hears_nothing_and_the_statement_runs_when_it_is_mended()
    {
        var store = new SimulatedStore(_scheduler, new StoreTrouble());
        var process = _scheduler.Start("writer");
        var connection = store.Connect(process, "machine", new Chance(4));
        store.CutOff("machine");
        var writing = process.Run(() => connection.Run("write", s => s.TrySet("a", 0, 1)));
        Run(() => writing.IsFaulted, TimeSpan.FromSeconds(20));
        Assert.Equal(0, store["a"].Version);

        store.Mend("machine");
        Assert.Equal(1, store["a"].Version);
    }

    [Fact]
    public void A_database_that_went_back_has_the_old_rows_and_versions()
    {
        var store = new SimulatedStore(_scheduler, new StoreTrouble());
        store.TrySet("a", 0, 1);
        var backup = store.Rows;
        store.TrySet("a", 1, 2);
        store.TrySet("b", 0, 3);

        store.GoBack(backup);

        Assert.Equal(1, store["a"].Version);
        Assert.Equal(0, store["b"].Version);
    }

    private void Run(Func<bool> isDone, TimeSpan limit) => Assert.True(_scheduler.RunUntil(isDone, limit));
}
