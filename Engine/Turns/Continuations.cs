namespace Aedile.Engine.Turns;

/// <summary>Where the continuations of a task go when somebody completes it.</summary>
internal static class Continuations
{
    /// <summary>
    /// For a source that others wait on, in every way: never on the stack of whoever completes it. On the thread pool
    /// that has to be asked for. With a scheduler of one's own each await goes back to it anyway, while asking would
    /// hand the bookkeeping of <c>WhenAny</c> and <c>WaitAsync</c> to the thread pool, and a simulated run could not be
    /// repeated.
    /// </summary>
    public static TaskCreationOptions Elsewhere => TaskScheduler.Current == TaskScheduler.Default
        ? TaskCreationOptions.RunContinuationsAsynchronously
        : TaskCreationOptions.None;
}
