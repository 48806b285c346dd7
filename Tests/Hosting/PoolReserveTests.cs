using Aedile.Silo.Hosting;

namespace Aedile.Tests.Hosting;

/// <summary>Goal: a pool whose threads are all blocked gets more, one that only works hard does not.</summary>
public sealed class PoolReserveTests
{
    private const int Least = 2;

    [Fact]
    public void A_pool_that_runs_nothing_while_items_wait_gets_four_more_than_it_has_with_each_look()
    {
        var reserve = Of(new PoolLook(100, 5, 7));
        reserve = reserve.After(new PoolLook(100, 6, 7), Least);
        Assert.Equal(11, reserve.Ready);
        reserve = reserve.After(new PoolLook(100, 6, 11), Least);
        Assert.Equal(15, reserve.Ready);
    }

    [Theory]
    [InlineData(5, 101, 5)] // It ran one.
    [InlineData(5, 100, 0)] // Nothing waits any more.
    [InlineData(0, 100, 5)] // They have only just come.
    public void A_pool_that_gets_on_keeps_what_it_has(long waited, long completed, long waiting)
    {
        var reserve = Of(new PoolLook(100, waited, 7)).After(new PoolLook(completed, waiting, 7), Least);
        Assert.Equal(Least, reserve.Ready);
    }

    [Fact]
    public void What_was_added_is_bounded_and_taken_back_ten_seconds_after_the_last_standstill()
    {
        var stuck = new PoolLook(100, 5, 500);
        var reserve = Of(stuck).After(stuck, Least);
        Assert.Equal(Least + PoolReserve.AddedMax, reserve.Ready);
        for (var look = 1; look < PoolReserve.QuietMax; look++)
            reserve = reserve.After(new PoolLook(100 + look, 5, 60), Least);
        Assert.Equal(Least + PoolReserve.AddedMax, reserve.Ready);
        Assert.Equal(Least, reserve.After(new PoolLook(999, 5, 60), Least).Ready);
    }

    private static PoolReserve Of(PoolLook look) => new(Least, 0, look);
}
