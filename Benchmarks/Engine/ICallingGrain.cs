namespace Aedile.Benchmarks.Engine;

/// <summary>A grain that calls another one over and over.</summary>
[Alias("bench-calling")]
public interface ICallingGrain : IGrainWithIntegerKey
{
    Task Call(long key, int times);
}

public sealed class CallingGrain : Grain, ICallingGrain
{
    public async Task Call(long key, int times)
    {
        var grain = GrainFactory.GetGrain<IEchoGrain>(key);
        for (var i = 0; i < times; i++) await grain.Echo(i);
    }
}
