using System.Runtime.CompilerServices;

namespace Aedile.Tests.Engine.Enumerations;

/// <summary>A grain that yields things.</summary>
[Alias("test-lister")]
public interface IListerGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> Count(int items);

    IAsyncEnumerable<Visit> Visits(int items);

    /// <summary>Yields "before", waits at a gate, and yields "after".</summary>
    IAsyncEnumerable<string> Pause(string gate);

    IAsyncEnumerable<int> FailAfter(int items);

    /// <summary>Yields one, and then nothing until its token is cancelled; tells the stage when it has ended.</summary>
    IAsyncEnumerable<int> UntilCancelled(CancellationToken ct = default);

    /// <summary>Yields for ever; tells the stage when it has ended.</summary>
    IAsyncEnumerable<int> Endless();

    /// <summary>Yields so many, wanting to be deactivated after the first one.</summary>
    IAsyncEnumerable<int> LeaveAfterFirst(int items);

    /// <returns>How far <see cref="Endless"/> is.</returns>
    Task<int> Produced();

    Task Retire();

    /// <summary>Enumerates what another grain counts.</summary>
    Task<int> SumOf(string key, int items);
}

public sealed class ListerGrain(Stage stage) : Grain, IListerGrain
{
    private int _produced;

    public async IAsyncEnumerable<int> Count(int items)
    {
        stage.Tell("counts");
        for (var i = 0; i < items; i++)
        {
            if (i % 50 == 49) await Task.Yield();
            yield return i;
        }
    }

    public async IAsyncEnumerable<Visit> Visits(int items)
    {
        for (var i = 0; i < items; i++)
        {
            await Task.Yield();
            yield return new Visit($"v{i}", [i]);
        }
    }

    public async IAsyncEnumerable<string> Pause(string gate)
    {
        yield return "before";
        await stage.Pass(gate);
        yield return "after";
    }

    public async IAsyncEnumerable<int> FailAfter(int items)
    {
        await Task.CompletedTask;
        for (var i = 0; i < items; i++) yield return i;
        throw new InvalidOperationException("broken");
    }

    public async IAsyncEnumerable<int> UntilCancelled([EnumeratorCancellation] CancellationToken ct = default)
    {
        try
        {
            yield return 1;
            stage.Tell("waits");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
        finally
        {
            stage.Tell(GrainContext is not null ? "ended" : "?");
        }
    }

    public async IAsyncEnumerable<int> Endless()
    {
        try
        {
            await Task.CompletedTask;
            while (true) yield return _produced++;
        }
        finally
        {
            stage.Tell("ended");
        }
    }

    public async IAsyncEnumerable<int> LeaveAfterFirst(int items)
    {
        await Task.CompletedTask;
        for (var i = 0; i < items; i++)
        {
            yield return i;
            if (i == 0) DeactivateOnIdle();
        }
    }

    public Task<int> Produced() => Task.FromResult(_produced);

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<int> SumOf(string key, int items)
    {
        var sum = 0;
        await foreach (var item in GrainFactory.GetGrain<IListerGrain>(key).Count(items)) sum += item;
        return sum;
    }
}
