namespace Aedile.Grains.Repositories;

/// <summary>
/// The order of writes for one whose turn may come too early: a push that can't do without a replica under repair, a
/// repair that would be undone by a push begun before it. It keeps its place, and others go meanwhile.
/// </summary>
/// <param name="order">The order of writes.</param>
/// <param name="clock">Measures the patience.</param>
internal sealed class PatientQueue(TurnQueue order, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a turn that is not too early, before all who came later.</summary>
    /// <param name="isTooEarly">Whether a later turn would be of more use.</param>
    /// <param name="patience">How long it is passed over. The time behind others doesn't count: behind two hundred of
    /// them that is long.</param>
    /// <param name="hurry">Called again and again while it is passed over.</param>
    /// <param name="cancellation">The caller stops waiting for a turn.</param>
    /// <returns>The turn; after the patience has run out it may still be too early.</returns>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; it has no turn.</exception>
    public async Task<IDisposable> Enter(
        Func<bool> isTooEarly, TimeSpan patience, Action hurry, CancellationToken cancellation)
    {
        // Continued inside of the queue's look, where nothing may change the queue: what follows asks, and waits.
        var passedOver = new TaskCompletionSource<long>();
        var turn = order.Enter(IsOfUse, cancellation);
        await Task.WhenAny(turn, passedOver.Task);
        while (!turn.IsCompleted)
        {
            if (isTooEarly()) hurry();
            await Task.WhenAny(turn, Task.Delay(Pause, clock, CancellationToken.None));
            order.LookAgain();
        }

        return await turn;

        bool IsOfUse()
        {
            if (!isTooEarly()) return true;
            passedOver.TrySetResult(clock.GetTimestamp());
            return clock.GetElapsedTime(passedOver.Task.Result) >= patience;
        }
    }
}
