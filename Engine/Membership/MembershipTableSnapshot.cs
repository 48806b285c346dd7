using System.Collections.Immutable;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The whole membership table as one read saw it: a view of the fleet.</summary>
/// <param name="Version">Goes up by one with every change; so views are totally ordered.</param>
/// <param name="ReadAt">When it was read, by the database's clock.</param>
/// <param name="Entries">Ordered by address.</param>
internal sealed record MembershipTableSnapshot(
    long Version, DateTimeOffset ReadAt, ImmutableArray<SiloEntry> Entries)
{
    /// <summary>Before the table was read.</summary>
    public static MembershipTableSnapshot None { get; } = new(-1, DateTimeOffset.UnixEpoch, []);

    public static MembershipTableSnapshot Of(long version, DateTimeOffset readAt, IEnumerable<SiloEntry> entries) =>
        new(version, readAt, [.. entries.OrderBy(entry => entry.Address)]);

    /// <summary>The silos that host grains, ordered by address.</summary>
    public IEnumerable<SiloEntry> Active => Entries.Where(entry => entry.Status == SiloStatus.Active);

    public SiloEntry? Find(SiloAddress silo) => Entries.FirstOrDefault(entry => entry.Address.Equals(silo));

    /// <summary>Returns the status of a silo; Dead when nothing is known of it any more.</summary>
    public SiloStatus StatusOf(SiloAddress silo) => Find(silo)?.Status ?? SiloStatus.Dead;

    /// <summary>How long ago something happened when the table was read.</summary>
    public TimeSpan AgeOf(DateTimeOffset time) => ReadAt - time;
}
