namespace Aedile.Silo.Model;

/// <summary>
/// A pause of one loop, which whoever has news for it ends early. News between two pauses ends the next.
/// </summary>
internal sealed class WakeablePause(TimeProvider clock)
{
    private TaskCompletionSource<bool> _news = TimedWait.New();

    /// <summary>Waits as long as this, or until there is news.</summary>
    public async Task For(TimeSpan pause, CancellationToken stopping)
    {
        await TimedWait.For(Volatile.Read(ref _news), pause, clock, stopping);
        // Who has news between these lines is served by the round that follows.
        Volatile.Write(ref _news, TimedWait.New());
    }

    /// <summary>There is news.</summary>
    public void End() => Volatile.Read(ref _news).TrySetResult(true);
}
