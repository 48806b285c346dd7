namespace Aedile.Benchmarks.Engine;

/// <summary>A grain that stores a counter with each call.</summary>
[Alias("bench-store")]
public interface IStoreGrain : IGrainWithIntegerKey
{
    Task Increment();
}

public sealed class StoreGrain([PersistentState("bench")] IPersistentState<StoreGrain.Counter> store)
    : Grain, IStoreGrain
{
    public Task Increment()
    {
        store.State = new Counter { Value = store.State.Value + 1 };
        return store.WriteStateAsync();
    }

    public sealed record Counter
    {
        public long Value { get; init; }
    }
}
