using System.Collections.Immutable;
using Npgsql;
using Orleans.Storage;

namespace Aedile.Tests.Engine;

public sealed class TallyGrain(Stage stage) : Grain, ITallyGrain
{
    private int _sum;
    private int _instance;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _instance = stage.Enter(this.GetPrimaryKeyString());
        return stage.FailActivation is { } error ? Task.FromException(error) : Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        stage.Tell($"{this.GetPrimaryKeyString()} deactivated: {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public ValueTask<int> Sum() => new(_sum);

    public async Task<string> Describe(Visit visit, CancellationToken ct)
    {
        await Task.Yield();
        return $"{visit.Name}: {string.Join(',', visit.Steps)}";
    }

    public Task Hold(string gate) => stage.Pass(gate);

    public Task HoldReading(string gate) => stage.Pass(gate);

    public Task HoldInterleaving(string gate) => stage.Pass(gate);

    public Task HoldShortly(string gate) => stage.Pass(gate);

    public Task Poke(string gate) => stage.Pass(gate);

    public Task Throw(string message) => throw new InvalidOperationException(message);

    public Task LoseDatabase(string message) =>
        throw new OrleansException(message, new PostgresException(message, "FATAL", "FATAL", "57P01"));

    public Task LoseWrite() => throw new InconsistentStateException("Lost.", "2", "1");

    public Task<string?> ReadContext(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public async Task<string> Chain(ImmutableArray<string> keys, bool allowReentrancy)
    {
        if (keys.IsEmpty) return this.GetPrimaryKeyString();
        using var section = allowReentrancy ? RequestContext.AllowCallChainReentrancy() : default;
        var next = GrainFactory.GetGrain<ITallyGrain>(keys[0]);
        return this.GetPrimaryKeyString() + ">" + await next.Chain(keys[1..], allowReentrancy);
    }

    public async Task HoldUntilCancelled(string gate, CancellationToken ct)
    {
        ct.Register(() => stage.Tell(ct.IsCancellationRequested && GrainContext is not null ? "cancelled" : "?"));
        await stage.Pass(gate);
    }

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> Instance() => Task.FromResult(_instance);
}
