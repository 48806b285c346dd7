using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>Log events 9300 to 9399: Placement. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class PlacementLog
{
    [LoggerMessage(EventId = 9300, Level = LogLevel.Information,
        Message = "view {Version}: {Count} silos host grains; this one may: {MayHost}")]
    public static partial void EraBegan(this ILogger log, long version, int count, bool mayHost);

    [LoggerMessage(EventId = 9301, Level = LogLevel.Information,
        Message = "view {Version}: all others have handed over, after {Took}")]
    public static partial void EraSettled(this ILogger log, long version, TimeSpan took);

    [LoggerMessage(EventId = 9302, Level = LogLevel.Warning,
        Message = "view {Version}: {Silo} has not handed over within {Limit}; grains may run twice for a moment, and "
            + "the one that writes second loses")]
    public static partial void HandoverLate(this ILogger log, long version, SiloAddress silo, TimeSpan limit);

    [LoggerMessage(EventId = 9303, Level = LogLevel.Debug, Message = "view {Version}: asking {Silo} failed: {Reason}")]
    public static partial void HandoverUnanswered(this ILogger log, long version, SiloAddress silo, string reason);

    [LoggerMessage(EventId = 9304, Level = LogLevel.Information,
        Message = "view {Version}: this silo runs only its own grains, after {Took}")]
    public static partial void HandedOver(this ILogger log, long version, TimeSpan took);
}
