using System.Collections.Immutable;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>One row of the membership table: one start of one silo. Times are by the database's clock.</summary>
internal sealed record SiloEntry
{
    public required SiloAddress Address { get; init; }

    public required SiloStatus Status { get; init; }

    public ImmutableArray<Suspicion> Suspicions { get; init; } = [];

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its last beat.</summary>
    public required DateTimeOffset AliveAt { get; init; }

    public string Name { get; init; } = "";

    public string HostName { get; init; } = "";

    /// <summary>Port for clients at the same address; 0: none.</summary>
    public int GatewayPort { get; init; }

    /// <summary>
    /// Whether it hosted grains, and another silo took it off the hosts for it when it had lost its lease. Its own mark
    /// tells it from a silo that joins for the first time.
    /// </summary>
    public bool IsAside => Status == SiloStatus.Joining && !Suspicions.IsEmpty;

    /// <summary>Whether it runs grains, or did and hands them over.</summary>
    public bool MayHoldGrains =>
        IsAside || Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;
}
