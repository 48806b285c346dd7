using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Membership;

/// <summary>What the loops of a silo's membership share.</summary>
/// <param name="Clock">The silo's clock.</param>
/// <param name="Limits">How many votes, how long.</param>
/// <param name="Lease">Whoever lost it doesn't vote.</param>
/// <param name="Log">The silo's log.</param>
/// <param name="Start">Starts a loop on the silo's scheduler.</param>
/// <param name="Change">Changes the table and tells everybody.</param>
/// <param name="Stopping">Ends all loops.</param>
internal sealed record WatchContext(
    TimeProvider Clock, MembershipLimits Limits, Lease Lease, ILogger Log, Action<Func<Task>> Start,
    Func<Func<MembershipTableSnapshot, TableChange?>, CancellationToken, Task<MembershipTableSnapshot?>> Change,
    CancellationToken Stopping);
