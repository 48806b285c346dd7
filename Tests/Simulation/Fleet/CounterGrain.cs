using System.Collections.Immutable;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>What is stored of a counter.</summary>
[GenerateSerializer, Alias("aedile.tests.CounterState"), Immutable]
public sealed record CounterState
{
    /// <summary>The sum.</summary>
    [Id(0)]
    public long Sum { get; init; }

    /// <summary>The calls that were added, in order.</summary>
    [Id(1)]
    public ImmutableArray<long> Operations { get; init; } = [];
}

/// <summary>A counter as every grain of ours is made: what is not stored is not told.</summary>
public sealed class CounterGrain(
    [PersistentState("counter", "fleet")] IPersistentState<CounterState> state, IGrainContext context,
    ActivationBook book) : Grain, ICounterGrain
{
    private readonly long _activation = book.Begin(context.GrainId);

    public async Task<long> Add(long operation, int number)
    {
        book.Ran(context.GrainId, _activation);
        var before = state.State;
        state.State = before with { Sum = before.Sum + number, Operations = before.Operations.Add(operation) };
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception)
        {
            // Memory never runs ahead of the database; whether it happened is for the next activation to read.
            state.State = before;
            DeactivateOnIdle();
            throw;
        }
        return state.State.Sum;
    }

    public Task<long> Peek()
    {
        book.Ran(context.GrainId, _activation);
        return Task.FromResult(state.State.Sum);
    }

    public Task<long> Forward(string other, long operation, int number)
    {
        book.Ran(context.GrainId, _activation);
        return GrainFactory.GetGrain<ICounterGrain>(other).Add(operation, number);
    }
}
