using Aedile.Tests.Support.Engines;

namespace Aedile.Tests.Engine;

/// <summary>Goal: a grain's state is read before it is used, and stored as the grain says.</summary>
public sealed class PersistentStateTests
{
    [Fact]
    public async Task State_is_there_before_activation_and_after_the_grain_was_deactivated()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<ILedgerGrain>("a");
        await grain.Store(12);
        await grain.Retire();
        Assert.Equal(12, await grain.ReadAtActivation());
    }

    [Fact]
    public async Task Writes_of_one_grain_at_once_follow_each_other_and_store_the_last_value()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grains.GetGrain<ILedgerGrain>("a");
        await grain.StoreAtOnce([1, 2, 3, 4]);
        await grain.Retire();
        Assert.Equal(4, await grain.ReadAtActivation());
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official engine says it in other words.
    public async Task A_missing_storage_fails_the_activation_with_what_to_do()
    {
        await using var silo = await TestSilo.Start(builder => { }, withStorage: false);
        var error = await Assert.ThrowsAsync<OrleansException>(
            () => silo.Grains.GetGrain<ILedgerGrain>("a").ReadAtActivation());
        Assert.Contains("needs a storage named 'Default'", error.Message, StringComparison.Ordinal);
    }
}

/// <summary>A grain with stored state.</summary>
[Alias("test-ledger")]
public interface ILedgerGrain : IGrainWithStringKey
{
    Task Store(int number);

    Task StoreAtOnce(System.Collections.Immutable.ImmutableArray<int> numbers);

    Task<int> ReadAtActivation();

    Task Retire();
}

public sealed class LedgerGrain([PersistentState("test-ledger")] IPersistentState<Thing> state) : Grain, ILedgerGrain
{
    private int _atActivation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _atActivation = state.State.Number;
        return Task.CompletedTask;
    }

    public Task Store(int number)
    {
        state.State = state.State with { Number = number };
        return state.WriteStateAsync();
    }

    public Task StoreAtOnce(System.Collections.Immutable.ImmutableArray<int> numbers) =>
        Task.WhenAll(numbers.Select(Store));

    public Task<int> ReadAtActivation() => Task.FromResult(_atActivation);

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
