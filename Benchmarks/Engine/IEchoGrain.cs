namespace Aedile.Benchmarks.Engine;

/// <summary>A grain that does nothing, so that only the engine is measured.</summary>
[Alias("bench-echo")]
public interface IEchoGrain : IGrainWithIntegerKey
{
    Task<int> Echo(int value);
}

public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<int> Echo(int value) => Task.FromResult(value);
}
