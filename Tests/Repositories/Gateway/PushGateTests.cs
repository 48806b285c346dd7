using Aedile.Silo.Gateway.Repositories;
using Microsoft.Extensions.Options;

namespace Aedile.Tests.Repositories.Gateway;

public sealed class PushGateTests : IDisposable
{
    private readonly PushGate _gate = new(Options.Create(new PushOptions { ConcurrencyMax = 1, QueueMax = 1 }));

    [Fact]
    public async Task One_runs_one_waits_and_the_next_is_refused()
    {
        var running = await _gate.Enter(CancellationToken.None);
        Assert.NotNull(running);
        var waiting = _gate.Enter(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.Null(await _gate.Enter(CancellationToken.None));

        running.Dispose();
        using var next = await waiting;
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_place_given_back_twice_is_one_place()
    {
        var first = await _gate.Enter(CancellationToken.None);
        first!.Dispose();
        first.Dispose();
        using var second = await _gate.Enter(CancellationToken.None);
        Assert.False(_gate.Enter(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_makes_room_for_another()
    {
        using var running = await _gate.Enter(CancellationToken.None);
        using var leaves = new CancellationTokenSource();
        var waiting = _gate.Enter(leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var other = _gate.Enter(CancellationToken.None).AsTask();
        running!.Dispose();
        Assert.NotNull(await other);
    }

    public void Dispose() => _gate.Dispose();
}
