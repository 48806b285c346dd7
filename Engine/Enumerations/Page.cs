using System.Collections.Immutable;

namespace Aedile.Engine.Enumerations;

/// <summary>What a grain answers to who enumerates: some items, and how it goes on.</summary>
/// <param name="Status">How it goes on.</param>
/// <param name="Items">In their order; there may be none.</param>
internal sealed record Page<T>(PageStatus Status, ImmutableArray<T> Items)
{
    /// <summary>The grain knows of no such enumeration (any more).</summary>
    public static Page<T> Missing { get; } = new(PageStatus.Missing, []);

    /// <summary>Nothing came for as long as a call may take; the caller asks again.</summary>
    public static Page<T> Waiting { get; } = new(PageStatus.More, []);
}
