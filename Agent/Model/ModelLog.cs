namespace Aedile.Agent.Model;

/// <summary>Log events 1040 to 1059: an agent's copy of the model. An id is never reused.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(EventId = 1040, Level = LogLevel.Information,
        Message = "the copy of the model on disk is at index {Index} with {Entities} definitions")]
    public static partial void CopyLoaded(this ILogger log, long index, int entities);

    [LoggerMessage(EventId = 1041, Level = LogLevel.Error,
        Message = "the copy of the model on disk can't be trusted and was set aside; silos have it: {Fault}")]
    public static partial void CopySetAside(this ILogger log, string fault);

    [LoggerMessage(EventId = 1042, Level = LogLevel.Error,
        Message = "the copy of the model can't be written to disk; trying again")]
    public static partial void CopyNotSaved(this ILogger log, Exception error);

    [LoggerMessage(EventId = 1043, Level = LogLevel.Warning,
        Message = "the copy of the model at index {Index} is not what the silo has; asking for all of it")]
    public static partial void CopyAskedWhole(this ILogger log, long index);

    [LoggerMessage(EventId = 1044, Level = LogLevel.Error,
        Message = "the silo sent a copy of the model that does not have the digest that it says")]
    public static partial void CopyBroken(this ILogger log);

    [LoggerMessage(EventId = 1045, Level = LogLevel.Information,
        Message = "the copy of the model is of history {Timeline} now, at index {Index}")]
    public static partial void CopyIsOfAnotherHistory(this ILogger log, string timeline, long index);

    [LoggerMessage(EventId = 1046, Level = LogLevel.Warning,
        Message = "the silo's model is {AgeSeconds} s old and {Better} has a newer one: going there")]
    public static partial void CopyLags(this ILogger log, long ageSeconds, Uri better);
}
