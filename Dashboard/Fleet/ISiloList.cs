using System.Collections.Immutable;

namespace Aedile.Dashboard.Fleet;

/// <summary>
/// Where a page may go when its own silo dies. The host implements it; it is asked with every page, so the answer comes
/// from memory.
/// </summary>
public interface ISiloList
{
    /// <summary>Base addresses of the other silos that live.</summary>
    ImmutableArray<Uri> Others { get; }
}
