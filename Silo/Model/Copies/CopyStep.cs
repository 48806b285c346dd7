using System.Collections.Immutable;
using Aedile.Client.Model.Copies;
using Aedile.Grains.Model;

namespace Aedile.Silo.Model.Copies;

/// <summary>What an agent's copy lacks.</summary>
/// <param name="End">Where the copy stands with it; its age is not set.</param>
/// <param name="Changed">Entities by key, as they are now; null for one that is no longer in the copy.</param>
/// <param name="Whole">Set when the copy has to be sent whole: the state to take it from.</param>
internal sealed record CopyStep(
    CopyPoint End, ImmutableSortedDictionary<string, CopiedEntity?> Changed, ModelState? Whole)
{
    private static readonly ImmutableSortedDictionary<string, CopiedEntity?> None =
        ImmutableSortedDictionary.Create<string, CopiedEntity?>(StringComparer.Ordinal);

    /// <summary>Nothing but the index is new.</summary>
    public static CopyStep Same(CopyPoint end) => new(end, None, null);

    /// <summary>Everything.</summary>
    public static CopyStep All(CopyPoint end, ModelState state) => new(end, None, state);

    /// <summary>Some entities.</summary>
    public static CopyStep Some(CopyPoint end, Dictionary<string, CopiedEntity?> changed) =>
        new(end, None.AddRange(changed), null);
}
