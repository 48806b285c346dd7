using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Aedile.Tests.Engine;

/// <summary>
/// A grain that tests steer: it waits at gates, calls on, and tells in which order things began and ended.
/// </summary>
[Alias("test-tally")]
public interface ITallyGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    ValueTask<int> Sum();

    Task<string> Describe(Visit visit, CancellationToken ct = default);

    /// <summary>Begins, waits until the test opens the gate of that name, and ends.</summary>
    Task Hold(string gate);

    [ReadOnly]
    Task HoldReading(string gate);

    [AlwaysInterleave]
    Task HoldInterleaving(string gate);

    [OneWay]
    Task Poke(string gate);

    Task Throw(string message);

    /// <summary>Fails as state does when its database has gone.</summary>
    Task LoseDatabase(string message);

    Task LoseWrite();

    Task<string?> ReadContext(string key);

    /// <summary>Calls itself through a chain of other grains.</summary>
    Task<string> Chain(ImmutableArray<string> keys, bool allowReentrancy);

    [ResponseTimeout("00:00:02")]
    Task HoldShortly(string gate);

    Task HoldUntilCancelled(string gate, CancellationToken ct);

    Task Retire();

    Task<int> Instance();
}

/// <summary>An argument of <see cref="ITallyGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("test-visit")]
public sealed record Visit(string Name, ImmutableArray<int> Steps);
