using Aedile.Engine.Enumerations;

namespace Orleans.Runtime;

/// <summary>How what a grain's method yields is brought to the caller.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>
    /// Sets how many items may cross at once, for enumerations that begin from now on. More cost fewer round trips,
    /// and let the grain run further ahead. Default 100, at most 10,000. Does nothing to an enumerable of another kind.
    /// </summary>
    /// <returns>The same enumerable.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatchSize, 1);
        if (self is RemoteEnumerable<T> remote) remote.BatchSize = maxBatchSize;
        return self;
    }
}
