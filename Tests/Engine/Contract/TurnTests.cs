using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine;

/// <summary>Goal: one turn at a time, and requests mix between turns only where the contract says so.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task A_second_request_waits_until_the_first_has_finished()
    {
        await using var silo = await TestSilo.Start();
        var first = silo.Tally("a").Hold("first");
        await silo.Stage.Reached("first");
        var second = silo.Tally("a").Hold("second");
        silo.Stage.Open("second");
        silo.Stage.Open("first");
        await Task.WhenAll(first, second);
        Assert.Equal(["first began", "first ended", "second began", "second ended"], silo.Stage.Story);
    }

    [Fact]
    public async Task Readers_run_beside_readers_and_a_writer_waits_for_them_all()
    {
        await using var silo = await TestSilo.Start();
        var readers = new[] { silo.Tally("a").HoldReading("r1"), silo.Tally("a").HoldReading("r2") };
        await silo.Stage.Reached("r1");
        await silo.Stage.Reached("r2");
        var writer = silo.Tally("a").Hold("w");
        silo.Stage.Open("r1");
        silo.Stage.Open("w");
        await readers[0];
        Assert.DoesNotContain("w began", silo.Stage.Story);
        silo.Stage.Open("r2");
        await writer;
        Assert.Equal("w ended", silo.Stage.Story[^1]);
    }

    [Fact]
    public async Task An_interleaving_request_runs_while_another_waits()
    {
        await using var silo = await TestSilo.Start();
        var held = silo.Tally("a").Hold("held");
        await silo.Stage.Reached("held");
        silo.Stage.Open("passing");
        await silo.Tally("a").HoldInterleaving("passing");
        Assert.False(held.IsCompleted);
        silo.Stage.Open("held");
        await held;
    }

    [Fact]
    public async Task Turns_of_one_grain_never_overlap_however_many_threads_call_it()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<IOverlapGrain>("a");
        var calls = Enumerable.Range(0, 2_000).Select(_ => grain.Work());
        Assert.All(await Task.WhenAll(calls), overlaps => Assert.Equal(0, overlaps));
    }

    [Fact]
    public async Task A_task_that_the_grain_starts_itself_runs_in_its_turns()
    {
        await using var silo = await TestSilo.Start();
        Assert.True(await silo.Grains.GetGrain<IOverlapGrain>("a").StartsOwnTaskInTurn());
    }
}

/// <summary>Finds out whether two of its turns ever run at once.</summary>
[Alias("test-overlap")]
public interface IOverlapGrain : IGrainWithStringKey
{
    /// <returns>How many other turns ran during this one's.</returns>
    [Orleans.Concurrency.AlwaysInterleave]
    Task<int> Work();

    Task<bool> StartsOwnTaskInTurn();
}

public sealed class OverlapGrain : Grain, IOverlapGrain
{
    private int _inside;

    public async Task<int> Work()
    {
        var overlaps = 0;
        for (var turn = 0; turn < 3; turn++)
        {
            if (Interlocked.Increment(ref _inside) != 1) overlaps++;
            Thread.SpinWait(50);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }

        return overlaps;
    }

    public async Task<bool> StartsOwnTaskInTurn()
    {
        var here = TaskScheduler.Current;
        return await Task.Factory.StartNew(
            () => TaskScheduler.Current == here, CancellationToken.None, TaskCreationOptions.None, here);
    }
}
