namespace Aedile.Tests.Counters;

/// <summary>What a counter stores.</summary>
[GenerateSerializer, Alias("stored-counter-state")]
public sealed record CounterState
{
    /// <summary>How often it was added to.</summary>
    [Id(0)]
    public long Value { get; set; }
}

/// <summary>Stores each step before it answers. It trusts compare-and-set alone, as a grain of Aedile must.</summary>
[GrainType("stored-counter")]
public sealed class CounterGrain(
    [PersistentState("stored-counter", CounterSilo.Storage)] IPersistentState<CounterState> state,
    ILocalSiloDetails silo)
    : Grain, ICounterGrain
{
    /// <inheritdoc/>
    public async Task<Count> Add()
    {
        state.State.Value++;
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception)
        {
            // Nobody knows whether it is stored: the next activation reads what is.
            DeactivateOnIdle();
            throw;
        }

        return new Count(state.State.Value, silo.Name);
    }

    /// <inheritdoc/>
    public async Task<Count> Read()
    {
        // A second activation must not answer from memory.
        await state.ReadStateAsync();
        return new Count(state.State.Value, silo.Name);
    }
}
