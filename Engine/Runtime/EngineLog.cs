using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>Log events 9000 to 9999: Engine. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(EventId = 9000, Level = LogLevel.Information, Message = "silo started with {Classes} grain classes")]
    public static partial void SiloStarted(this ILogger log, int classes);

    [LoggerMessage(EventId = 9001, Level = LogLevel.Information, Message = "silo stopped; every grain is deactivated")]
    public static partial void SiloStopped(this ILogger log);

    [LoggerMessage(EventId = 9002, Level = LogLevel.Error,
        Message = "{Part} of the silo failed while it stopped; the silo stops all the same")]
    public static partial void PartFailedToStop(this ILogger log, Exception exception, string part);

    [LoggerMessage(EventId = 9010, Level = LogLevel.Error,
        Message = "could not activate {Grain}; the waiting calls fail with this error, the next one tries again")]
    public static partial void ActivationFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(EventId = 9011, Level = LogLevel.Error,
        Message = "{Grain} failed while it was deactivated; it is gone all the same")]
    public static partial void DeactivationFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(EventId = 9020, Level = LogLevel.Warning,
        Message = "one-way call {Method} on {Grain} failed; its caller will not know")]
    public static partial void OneWayCallFailed(this ILogger log, Exception exception, string method, GrainId grain);

    [LoggerMessage(EventId = 9022, Level = LogLevel.Warning,
        Message = "one-way call {Call} was dropped: {Reason}; its caller will not know")]
    public static partial void OneWayCallDropped(this ILogger log, string call, string reason);

    [LoggerMessage(EventId = 9021, Level = LogLevel.Error, Message = "a timer of {Grain} failed; it fires again")]
    public static partial void TimerFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(EventId = 9090, Level = LogLevel.Critical,
        Message = "a turn of {Grain} ended with an error of the engine itself; requests of it may be lost")]
    public static partial void TurnFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(EventId = 9030, Level = LogLevel.Information,
        Message = "storage {Storage} uses {Invariant}; its schema is up to date")]
    public static partial void StorageReady(this ILogger log, string storage, string invariant);
}
