using System.Collections.Immutable;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>A change of the table, made together with a compare-and-set of its version.</summary>
internal abstract record TableChange
{
    private TableChange()
    {
    }

    /// <summary>A silo appears.</summary>
    public sealed record Insert(SiloEntry Entry) : TableChange;

    /// <summary>Status and votes of a silo change; everything else of its row stays.</summary>
    public sealed record Update(SiloEntry Entry) : TableChange;

    /// <summary>Rows of silos that died long ago go.</summary>
    public sealed record Remove(ImmutableArray<SiloAddress> Silos) : TableChange;
}
