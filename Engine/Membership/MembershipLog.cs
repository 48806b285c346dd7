using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Log events 9200 to 9299: Membership. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class MembershipLog
{
    [LoggerMessage(EventId = 9200, Level = LogLevel.Information,
        Message = "silo {Silo} is {Status} in view {Version} of fleet {Fleet}; active: {Active}")]
    public static partial void StatusChanged(
        this ILogger log, SiloAddress silo, SiloStatus status, long version, string fleet, int active);

    [LoggerMessage(EventId = 9201, Level = LogLevel.Information,
        Message = "view {Version}: silo {Silo} went from {From} to {To}")]
    public static partial void OtherChanged(
        this ILogger log, long version, SiloAddress silo, SiloStatus from, SiloStatus to);

    [LoggerMessage(EventId = 9202, Level = LogLevel.Warning,
        Message = "view {Version}: silo {Silo} is dead by the votes of {Voters}")]
    public static partial void OtherDied(this ILogger log, long version, SiloAddress silo, string voters);

    [LoggerMessage(EventId = 9210, Level = LogLevel.Warning,
        Message = "silo {Silo} did not answer {Misses} probes in a row ({Reason}); suspecting it, voters: {Voters}")]
    public static partial void Suspected(
        this ILogger log, SiloAddress silo, int misses, string reason, string voters);

    [LoggerMessage(EventId = 9211, Level = LogLevel.Debug, Message = "a probe of {Silo} failed: {Reason}")]
    public static partial void ProbeFailed(this ILogger log, SiloAddress silo, string reason);

    [LoggerMessage(EventId = 9212, Level = LogLevel.Warning,
        Message = "silo {Silo} does not answer this silo but answers {Other}: the network between them is broken")]
    public static partial void OnlyOthersReach(this ILogger log, SiloAddress silo, SiloAddress other);

    [LoggerMessage(EventId = 9213, Level = LogLevel.Warning,
        Message = "this silo was not running for {Stalled}; what it missed meanwhile is not held against others")]
    public static partial void WasStalled(this ILogger log, TimeSpan stalled);

    [LoggerMessage(EventId = 9220, Level = LogLevel.Warning,
        Message = "could not reach the membership table; the lease lasts for {Left} more")]
    public static partial void BeatFailed(this ILogger log, Exception exception, TimeSpan left);

    [LoggerMessage(EventId = 9221, Level = LogLevel.Error,
        Message = "the lease of {Silo} is over: it hosts no grains until it reaches the membership table again")]
    public static partial void LeaseLost(this ILogger log, SiloAddress silo);

    [LoggerMessage(EventId = 9222, Level = LogLevel.Warning,
        Message = "{Silo} reached the membership table again and hosts grains")]
    public static partial void LeaseRegained(this ILogger log, SiloAddress silo);

    [LoggerMessage(EventId = 9223, Level = LogLevel.Warning,
        Message = "silo {Silo} can't reach the membership table: set it aside, its grains live elsewhere until it can")]
    public static partial void SetAside(this ILogger log, SiloAddress silo);

    [LoggerMessage(EventId = 9224, Level = LogLevel.Debug, Message = "{Other} could not set this silo aside: {Reason}")]
    public static partial void NotSetAside(this ILogger log, SiloAddress other, string reason);

    [LoggerMessage(EventId = 9230, Level = LogLevel.Critical, Message = "silo {Silo} must end: {Reason}")]
    public static partial void MustEnd(this ILogger log, SiloAddress silo, string reason);

    [LoggerMessage(EventId = 9240, Level = LogLevel.Warning,
        Message = "a change of the membership table failed; it is decided again from what the table says")]
    public static partial void ChangeFailed(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 9241, Level = LogLevel.Debug, Message = "view {Version} did not reach {Silo}: {Reason}")]
    public static partial void GossipFailed(this ILogger log, long version, SiloAddress silo, string reason);

    [LoggerMessage(EventId = 9250, Level = LogLevel.Information,
        Message = "joining as {Silo} waits for {Missing}")]
    public static partial void WaitsToJoin(this ILogger log, SiloAddress silo, string missing);

    [LoggerMessage(EventId = 9251, Level = LogLevel.Warning,
        Message = "could not leave the fleet in good order; the other silos notice that this one is gone")]
    public static partial void LeaveFailed(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 9290, Level = LogLevel.Critical,
        Message = "a loop of the membership ended with an error of the engine itself")]
    public static partial void LoopFailed(this ILogger log, Exception exception);
}
