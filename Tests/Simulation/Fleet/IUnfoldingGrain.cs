namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A grain that yields, and calls back.</summary>
[Alias("aedile.tests.IUnfoldingGrain")]
public interface IUnfoldingGrain : IGrainWithStringKey
{
    /// <summary>Yields numbers from 0 on.</summary>
    [Alias("Unfold")]
    IAsyncEnumerable<int> Unfold(int items, int pauseMs);

    /// <summary>Asks an observer, and returns what it says.</summary>
    [Alias("Ask")]
    Task<long> Ask(IEcho observer, long number);
}

/// <summary>Says what it is told.</summary>
[Alias("aedile.tests.IEcho")]
public interface IEcho : IGrainObserver
{
    /// <summary>Returns the number.</summary>
    [Alias("Repeat")]
    Task<long> Repeat(long number);
}

/// <summary>A grain without state.</summary>
public sealed class UnfoldingGrain(TimeProvider clock) : Grain, IUnfoldingGrain
{
    public async IAsyncEnumerable<int> Unfold(int items, int pauseMs)
    {
        for (var item = 0; item < items; item++)
        {
            if (pauseMs > 0 && item % 5 == 0) await Task.Delay(TimeSpan.FromMilliseconds(pauseMs), clock);
            yield return item;
        }
    }

    public Task<long> Ask(IEcho observer, long number) => observer.Repeat(number);
}
