namespace Aedile.Silo.Model;

/// <summary>
/// Waits for a signal, a limit or a cancellation. What follows goes to whoever waits: <c>WaitAsync</c> would send it
/// through the thread pool, which a simulated fleet doesn't have.
/// </summary>
internal static class TimedWait
{
    /// <summary>Waits.</summary>
    /// <param name="signal">Its result is the answer; made with <see cref="New"/>.</param>
    /// <param name="limit">After this the answer is false.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellation">Throws.</param>
    public static async Task<bool> For(
        TaskCompletionSource<bool> signal, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        await using var timer = clock.CreateTimer(
            static waiting => ((TaskCompletionSource<bool>)waiting!).TrySetResult(false), signal, limit,
            Timeout.InfiniteTimeSpan);
        await using var registration = cancellation.UnsafeRegister(
            static (waiting, token) => ((TaskCompletionSource<bool>)waiting!).TrySetCanceled(token), signal);
        return await signal.Task;
    }

    /// <summary>A signal that nobody has given yet.</summary>
    public static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
