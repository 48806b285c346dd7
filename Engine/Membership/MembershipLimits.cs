using Orleans.Configuration;

namespace Aedile.Engine.Membership;

/// <summary>The numbers that decisions about membership depend on.</summary>
/// <param name="Votes">How many votes declare a silo dead, when the fleet has that many voters.</param>
/// <param name="VoteLifetime">A vote that is older doesn't count.</param>
/// <param name="Lease">How long a beat lets a silo host grains, and vote.</param>
/// <param name="DeadRowLifetime">How long rows of dead silos are kept.</param>
/// <param name="DeadRowsKept">How many rows of dead silos are kept at most; null: any number.</param>
internal sealed record MembershipLimits(
    int Votes, TimeSpan VoteLifetime, TimeSpan Lease, TimeSpan DeadRowLifetime, int? DeadRowsKept)
{
    // Ten leases: a jump of the database's clock by a few seconds must not make anybody look gone.
    private const int LeasesUntilSurelyOut = 10;

    /// <summary>A silo whose last beat is older than this, by the database's clock, surely lost its lease.</summary>
    public TimeSpan SurelyOut => Lease * LeasesUntilSurelyOut;

    public static MembershipLimits Of(ClusterMembershipOptions options) => new(
        options.NumVotesForDeathDeclaration,
        options.DeathVoteExpirationTimeout,
        options.IAmAliveTablePublishTimeout * options.NumMissedTableIAmAliveLimit,
        options.DefunctSiloExpiration,
        options.MaxDefunctSiloEntries);
}
