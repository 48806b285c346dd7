using System.Collections.Immutable;

namespace Aedile.Engine.Invocation;

/// <summary>What flows from a caller to all it calls. Immutable, so that a call only copies the reference.</summary>
internal sealed record CallContext(Guid ReentrancyId, ImmutableSortedDictionary<string, object> Values)
{
    // Sorted by ordinal: hash order would differ between two runs of one simulated seed.
    public static ImmutableSortedDictionary<string, object> NoValues { get; } =
        ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal);

    /// <returns>Null for an empty context, so that calls without one pay nothing.</returns>
    public static CallContext? Of(Guid reentrancyId, ImmutableSortedDictionary<string, object> values) =>
        reentrancyId == Guid.Empty && values.IsEmpty ? null : new CallContext(reentrancyId, values);
}
