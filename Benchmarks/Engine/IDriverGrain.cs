using System.Collections.Immutable;

namespace Aedile.Benchmarks.Engine;

/// <summary>A grain that calls another one for a while, one call at a time.</summary>
[Alias("bench-driver")]
public interface IDriverGrain : IGrainWithIntegerKey
{
    Task<DriveResult> Drive(long key, TimeSpan time);
}

/// <summary>How long each call took.</summary>
[GenerateSerializer, Immutable, Alias("bench-drive-result")]
public sealed record DriveResult(ImmutableArray<int> Microseconds);

public sealed class DriverGrain(TimeProvider clock) : Grain, IDriverGrain
{
    public Task<DriveResult> Drive(long key, TimeSpan time) =>
        Loop(clock, GrainFactory.GetGrain<IEchoGrain>(key), clock.GetTimestamp(), time);

    internal static async Task<DriveResult> Loop(TimeProvider clock, IEchoGrain grain, long begin, TimeSpan time)
    {
        var times = ImmutableArray.CreateBuilder<int>(100_000);
        var last = clock.GetTimestamp();
        while (clock.GetElapsedTime(begin, last) < time)
        {
            await grain.Echo(times.Count);
            var now = clock.GetTimestamp();
            times.Add((int)clock.GetElapsedTime(last, now).TotalMicroseconds);
            last = now;
        }

        return new DriveResult(times.DrainToImmutable());
    }
}
