namespace Aedile.Engine.Invocation;

/// <summary>Bounds the one-way calls that wait at one place. Nobody waits for them, so nothing else does.</summary>
/// <remarks>A call beyond the limit is dropped, and that is logged: one-way calls are sent at most once.</remarks>
internal sealed class OneWayGate
{
    /// <summary>
    /// How many may wait: for a link or an owner in one process, or for their turn in one activation. At some hundred
    /// bytes each, a few megabytes.
    /// </summary>
    public const int WaitingMax = 10_000;

    private int _waiting;

    /// <summary>Whether one more may wait; then <see cref="Leave"/> follows.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= WaitingMax) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);
}
