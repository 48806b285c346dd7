using System.Collections.Immutable;

namespace Aedile.Benchmarks.Engines;

/// <summary>A grain that does nothing, and one that calls it; both engines host them as they are.</summary>
[Alias("bench-ping")]
public interface IPingGrain : IGrainWithIntegerKey
{
    /// <summary>Returns the value.</summary>
    [Alias("Ping")]
    Task<int> Ping(int value);

    /// <summary>The name of the silo where it lives.</summary>
    [Alias("Where")]
    Task<string> Where();

    /// <summary>Calls the grain with the next key for a while, so many calls at once.</summary>
    /// <returns>How many calls were answered.</returns>
    [Alias("Call")]
    Task<long> Call(int atOnce, TimeSpan time);

    /// <summary>Is under way for a while.</summary>
    [Alias("Linger")]
    Task Linger(TimeSpan time);

    /// <summary>Calls that many grains that have never been called, a hundred at once.</summary>
    [Alias("Wake")]
    Task Wake(int grains);
}

/// <inheritdoc cref="IPingGrain"/>
public sealed class PingGrain(TimeProvider clock, ILocalSiloDetails silo) : Grain, IPingGrain
{
    private const int Batch = 100;

    /// <inheritdoc/>
    public Task<int> Ping(int value) => Task.FromResult(value);

    /// <inheritdoc/>
    public Task<string> Where() => Task.FromResult(silo.Name);

    /// <inheritdoc/>
    public async Task<long> Call(int atOnce, TimeSpan time)
    {
        var grains = ImmutableArray.CreateRange(
            Enumerable.Range(1, atOnce).Select(i => GrainFactory.GetGrain<IPingGrain>(this.GetPrimaryKeyLong() + i)));
        var calls = 0L;
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < time)
        {
            if (atOnce == 1) await grains[0].Ping(1);
            else await Task.WhenAll(grains.Select(grain => grain.Ping(1)));
            calls += atOnce;
        }

        return calls;
    }

    /// <inheritdoc/>
    public Task Linger(TimeSpan time) => Task.Delay(time, clock);

    /// <inheritdoc/>
    public async Task Wake(int grains)
    {
        var first = this.GetPrimaryKeyLong() + 1;
        for (var done = 0; done < grains; done += Batch)
        {
            var key = first + done;
            await Task.WhenAll(
                Enumerable.Range(0, Batch).Select(i => GrainFactory.GetGrain<IPingGrain>(key + i).Ping(1)));
        }
    }
}
