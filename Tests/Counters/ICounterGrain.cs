using Orleans.Concurrency;

namespace Aedile.Tests.Counters;

/// <summary>A counter whose answers can be checked: no value is given twice, and none is lost.</summary>
[Alias("stored-counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Adds one and stores it.</summary>
    /// <returns>The new value, and who gave it.</returns>
    [Alias("add"), ResponseTimeout("00:00:10")]
    Task<Count> Add();

    /// <summary>Reads the stored value.</summary>
    [Alias("read"), ReadOnly, ResponseTimeout("00:00:10")]
    Task<Count> Read();
}

/// <summary>A counter's value.</summary>
/// <param name="Value">How often it was added to.</param>
/// <param name="Silo">The name of the silo that answered.</param>
[GenerateSerializer, Immutable, Alias("stored-count")]
public sealed record Count(long Value, string Silo);
