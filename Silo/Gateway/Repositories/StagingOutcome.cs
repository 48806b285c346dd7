using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>How staging a pack ended.</summary>
internal abstract record StagingOutcome
{
    private StagingOutcome() { }

    /// <summary>Enough replicas have it, all with the same checksum.</summary>
    public sealed record Staged(ImmutableArray<NodeName> Nodes) : StagingOutcome;

    /// <summary>Too few have it.</summary>
    /// <param name="Reason">For the client.</param>
    /// <param name="PackRefused">Whether the pack is at fault.</param>
    public sealed record Failed(string Reason, bool PackRefused) : StagingOutcome;
}
