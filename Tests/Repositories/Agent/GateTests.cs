using Aedile.Agent.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: the gate admits in order, never two that exclude each other, and forgets who gave up.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task Sharers_enter_together_and_one_alone_waits_for_all()
    {
        var gate = new FairGate();
        var first = await gate.EnterShared();
        var second = await gate.EnterShared();
        var alone = gate.EnterAlone();
        var third = gate.EnterShared();
        first.Dispose();
        Assert.False(alone.IsCompleted);
        second.Dispose();
        var inside = await alone;
        Assert.False(third.IsCompleted);
        inside.Dispose();
        inside.Dispose(); // Twice is once.
        (await third).Dispose();
        (await gate.EnterAlone()).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_lets_the_next_one_pass()
    {
        var gate = new FairGate();
        var reader = await gate.EnterShared();
        using var patience = new CancellationTokenSource();
        var writer = gate.EnterAlone(patience.Token);
        var next = gate.EnterShared();
        Assert.False(next.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer);
        (await next).Dispose();
        reader.Dispose();
        (await gate.EnterAlone()).Dispose();
    }
}
