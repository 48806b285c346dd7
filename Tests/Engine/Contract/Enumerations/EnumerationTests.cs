using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine.Enumerations;

/// <summary>Goal: what a grain yields arrives as it would without any wire between, and the grain hears when its caller
/// has enough.</summary>
public sealed class EnumerationTests
{
    [Theory]
    [InlineData("client", 0)]
    [InlineData("client", 1)]
    [InlineData("silo", 0)]
    [InlineData("silo", 1)]
    public async Task Items_arrive_in_order_in_batches_of_any_size(string where, int silo)
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.From(where).GetGrain<IListerGrain>($"{silo}:a");
        foreach (var size in new[] { 1, 7, 100, 1000 })
            Assert.Equal(Enumerable.Range(0, 250), await grain.Count(250).WithBatchSize(size).ToListAsync());
        Assert.Empty(await grain.Count(0).ToListAsync());
        Assert.Equal(["v0", "v1", "v2"], await grain.Visits(3).Select(visit => visit.Name).ToListAsync());
    }

    [Fact]
    public async Task Nothing_is_called_before_it_is_enumerated_and_each_time_anew()
    {
        await using var fleet = await TwoSilos.Start();
        var items = fleet.Client.GetGrain<IListerGrain>("1:a").Count(3);
        Assert.Empty(fleet.Stage.Story);
        Assert.Equal([0, 1, 2], await items.ToListAsync());
        Assert.Equal([0, 1, 2], await items.ToListAsync());
        Assert.Equal(["counts", "counts"], fleet.Stage.Story);
    }

    [Fact]
    public async Task What_is_there_arrives_while_the_iterator_waits_and_the_grain_serves_others_meanwhile()
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.Client.GetGrain<IListerGrain>("1:a");
        await using var items = grain.Pause("gate").GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        Assert.Equal("before", items.Current);
        var next = items.MoveNextAsync();
        await fleet.Stage.Reached("gate");
        Assert.Equal(0, await grain.Produced());
        Assert.False(next.IsCompleted);
        fleet.Stage.Open("gate");
        Assert.True(await next);
        Assert.Equal("after", items.Current);
        Assert.False(await items.MoveNextAsync());
        Assert.False(await items.MoveNextAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_error_in_the_middle_arrives_behind_the_items_before_it(int silo)
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.Silo(0).GetGrain<IListerGrain>($"{silo}:a");
        var seen = new List<int>();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in grain.FailAfter(5).WithBatchSize(1)) seen.Add(item);
        });
        Assert.Equal("broken", error.Message);
        Assert.Equal(Enumerable.Range(0, 5), seen);
    }

    [Theory]
    [InlineData("client", 1)]
    [InlineData("silo", 0)]
    public async Task A_caller_that_has_enough_ends_the_iterator_before_it_goes_on(string where, int silo)
    {
        await using var fleet = await TwoSilos.Start();
        await foreach (var item in fleet.From(where).GetGrain<IListerGrain>($"{silo}:a").Endless())
        {
            if (item == 3) break;
        }

        Assert.Equal(["ended"], fleet.Stage.Story);
    }

    [Theory]
    [InlineData("argument", 1)]
    [InlineData("enumerator", 1)]
    [InlineData("argument", 0)]
    [InlineData("enumerator", 0)]
    public async Task Cancelling_ends_the_wait_and_reaches_the_iterator(string way, int silo)
    {
        await using var fleet = await TwoSilos.Start();
        using var source = new CancellationTokenSource();
        var grain = fleet.Silo(0).GetGrain<IListerGrain>($"{silo}:a");
        await using var all = way == "argument"
            ? grain.UntilCancelled(source.Token).WithBatchSize(1).GetAsyncEnumerator(CancellationToken.None)
            : grain.UntilCancelled().WithBatchSize(1).GetAsyncEnumerator(source.Token);
        Assert.True(await all.MoveNextAsync());
        var next = all.MoveNextAsync();
        await fleet.Stage.Told("waits");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
        await all.DisposeAsync();
        Assert.Equal(["waits", "ended"], fleet.Stage.Story);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_grain_yields_no_further_than_about_a_batch_ahead(int silo)
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.Client.GetGrain<IListerGrain>($"{silo}:a");
        await using var items = grain.Endless().WithBatchSize(10).GetAsyncEnumerator();
        for (var taken = 0; taken < 25; taken++) Assert.True(await items.MoveNextAsync());
        Assert.InRange(await grain.Produced(), 25, 35);
    }

    [Theory]
    [InlineData("client", 1)]
    [InlineData("silo", 0)]
    public async Task An_enumeration_is_aborted_when_its_grain_was_deactivated(string where, int silo)
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.From(where).GetGrain<IListerGrain>($"{silo}:a");
        await using var items = grain.Endless().WithBatchSize(2).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        await grain.Retire();
        await fleet.Stage.Told("ended");
        Assert.True(await items.MoveNextAsync());
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => items.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task A_grain_that_leaves_inside_of_its_iterator_still_yields_the_page()
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.Client.GetGrain<IListerGrain>("1:a");
        Assert.Equal([0, 1, 2], await grain.LeaveAfterFirst(3).ToListAsync());
        var seen = new List<int>();
        await Assert.ThrowsAsync<EnumerationAbortedException>(async () =>
        {
            await foreach (var item in grain.LeaveAfterFirst(9).WithBatchSize(3)) seen.Add(item);
        });
        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public async Task A_grain_enumerates_another_grain()
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.Client.GetGrain<IListerGrain>("0:a");
        Assert.Equal(Enumerable.Range(0, 300).Sum(), await grain.SumOf("1:b", 300));
        Assert.Equal(Enumerable.Range(0, 300).Sum(), await grain.SumOf("0:c", 300));
    }

    [Fact]
    public async Task Many_enumerations_of_one_grain_go_on_side_by_side()
    {
        await using var fleet = await TwoSilos.Start();
        var grain = fleet.Client.GetGrain<IListerGrain>("1:a");
        var lists = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => grain.Count(n * 10).WithBatchSize(n + 1).ToListAsync().AsTask()));
        for (var n = 0; n < 20; n++) Assert.Equal(Enumerable.Range(0, n * 10), lists[n]);
    }
}
