namespace Aedile.Grains.Repositories;

/// <summary>
/// The order of writes for one who may need a repair before its turn is of use. Under load one replica may miss the
/// pack of a push and another the write before; that one is back in a moment, and the push would fail for nothing.
/// </summary>
/// <param name="order">The order of writes.</param>
/// <param name="clock">Measures the patience.</param>
/// <param name="patience">How long it waits for repairs in all. Its time in the queue doesn't count: behind two
/// hundred others that is long, and no repair was even asked for.</param>
internal sealed class PatientQueue(TurnQueue order, TimeProvider clock, TimeSpan patience)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Waits for a turn. One that comes too early is given to the next, and taken again at the end of the queue.
    /// </summary>
    /// <param name="isTooEarly">Whether a repair under way would make the turn useful.</param>
    /// <param name="repair">Asks for that repair.</param>
    /// <param name="cancellation">The caller stops waiting for a turn.</param>
    /// <returns>The turn; after the patience has run out it may still be too early.</returns>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; it has no turn.</exception>
    public async Task<IDisposable> Enter(Func<bool> isTooEarly, Action repair, CancellationToken cancellation)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            var turn = await order.Enter(cancellation);
            if (!isTooEarly() || waited >= patience) return turn;
            turn.Dispose();

            var since = clock.GetTimestamp();
            while (isTooEarly() && waited + clock.GetElapsedTime(since) < patience)
            {
                repair();
                await Task.Delay(Pause, clock, CancellationToken.None);
            }

            waited += clock.GetElapsedTime(since);
        }
    }
}
