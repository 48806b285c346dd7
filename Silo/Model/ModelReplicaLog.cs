namespace Aedile.Silo.Model;

/// <summary>Log events 5020 to 5039: a silo's replica of the model. An id is never reused.</summary>
internal static partial class ModelReplicaLog
{
    [LoggerMessage(5020, LogLevel.Information, "The model is loaded: {Entities} definitions at index {Index}.")]
    public static partial void ReplicaLoaded(this ILogger log, long index, int entities);

    [LoggerMessage(5021, LogLevel.Error, "The model is loaded anew, for the journal is another one: {Reason}")]
    public static partial void ReplicaReloads(this ILogger log, string reason);

    [LoggerMessage(5022, LogLevel.Warning, "The journal can't be read; the model stays as it is. {Reason}")]
    public static partial void JournalWentAway(this ILogger log, string reason);

    [LoggerMessage(5023, LogLevel.Information, "The journal is read again; the model is at index {Index}.")]
    public static partial void JournalIsBack(this ILogger log, long index);

    [LoggerMessage(5024, LogLevel.Debug, "The model's sequencer was not reached: {Reason}")]
    public static partial void NotFollowed(this ILogger log, string reason);

    [LoggerMessage(5025, LogLevel.Information, "A snapshot of {Entities} definitions at index {Index} is written.")]
    public static partial void SnapshotWritten(this ILogger log, long index, int entities);

    [LoggerMessage(5026, LogLevel.Warning, "No snapshot of the model could be written: {Reason}")]
    public static partial void SnapshotNotWritten(this ILogger log, string reason);

    [LoggerMessage(5027, LogLevel.Information, "The model begins with its newest snapshot again: {Reason}")]
    public static partial void ReplicaSkips(this ILogger log, string reason);

    [LoggerMessage(5028, LogLevel.Error, "The model could not be brought up to date; trying again.")]
    public static partial void ReplicaNotLoaded(this ILogger log, Exception error);
}
