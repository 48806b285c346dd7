using Aedile.Grains.Repositories;

namespace Aedile.Tests.Repositories;

public sealed class TurnQueueTests
{
    private readonly TurnQueue _queue = new();

    [Fact]
    public async Task Turns_come_in_the_order_of_asking()
    {
        var first = await _queue.Enter(CancellationToken.None);
        var second = _queue.Enter(CancellationToken.None);
        var third = _queue.Enter(CancellationToken.None);
        Assert.False(second.IsCompleted);

        first.Dispose();
        var turn = await second;
        Assert.False(third.IsCompleted);
        turn.Dispose();
        (await third).Dispose();
        Assert.False(_queue.IsBusy);
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_the_queue_to_the_next()
    {
        using var gone = new CancellationTokenSource();
        var first = await _queue.Enter(CancellationToken.None);
        var second = _queue.Enter(gone.Token);
        var third = _queue.Enter(CancellationToken.None);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task Leaving_twice_lets_only_one_in()
    {
        var first = await _queue.Enter(CancellationToken.None);
        var second = _queue.Enter(CancellationToken.None);
        var third = _queue.Enter(CancellationToken.None);

        first.Dispose();
        await second;
        first.Dispose();

        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Who_cannot_use_a_turn_keeps_its_place_while_others_go()
    {
        var isOfUse = false;
        var first = await _queue.Enter(CancellationToken.None);
        var early = _queue.Enter(() => isOfUse, CancellationToken.None);
        var second = _queue.Enter(CancellationToken.None);
        var third = _queue.Enter(CancellationToken.None);

        first.Dispose();
        var turn = await second;
        Assert.False(early.IsCompleted);
        isOfUse = true;
        turn.Dispose();

        (await early).Dispose();
        (await third).Dispose();
        Assert.False(_queue.IsBusy);
    }

    [Fact]
    public async Task A_turn_that_became_of_use_while_nobody_was_in_is_taken_at_the_next_look()
    {
        var isOfUse = false;
        var early = _queue.Enter(() => isOfUse, CancellationToken.None);
        isOfUse = true;
        Assert.False(early.IsCompleted);

        _queue.LookAgain();

        (await early).Dispose();
    }
}
