namespace Orleans.Runtime;

/// <summary>A timer of one activation. Disposing it stops it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when it fires next, from now, and its period from then on.</summary>
    /// <param name="dueTime"><see cref="Timeout.InfiniteTimeSpan"/>: never.</param>
    /// <param name="period"><see cref="Timeout.InfiniteTimeSpan"/>: once only.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}
