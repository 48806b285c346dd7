namespace Aedile.Silo.Model.Copy;

/// <summary>Log events 5040 to 5059: a silo's copy of the model on its disk. An id is never reused.</summary>
internal static partial class ModelCopyLog
{
    [LoggerMessage(5040, LogLevel.Warning,
        "The copy of the model in {File} is damaged and set aside; the database has the model. {Reason}")]
    public static partial void CopyDamaged(this ILogger log, string file, string reason);

    [LoggerMessage(5041, LogLevel.Warning,
        "The copy of the model in {File} ends before line {Line}, with index {Index}: {Reason}")]
    public static partial void TailDamaged(this ILogger log, string file, int line, long index, string reason);

    [LoggerMessage(5042, LogLevel.Warning,
        "The model can't be copied to this silo's disk: without it a start needs the database. {Reason}")]
    public static partial void CopyNotKept(this ILogger log, string reason);

    [LoggerMessage(5043, LogLevel.Information, "The model is copied to this silo's disk again, up to index {Index}.")]
    public static partial void CopyIsKeptAgain(this ILogger log, long index);

    [LoggerMessage(5044, LogLevel.Warning,
        "The silo waits for its database and shows the {Entities} definitions of index {Index} meanwhile: {Reason}")]
    public static partial void WaitsForDatabase(this ILogger log, long index, int entities, string reason);

    [LoggerMessage(5045, LogLevel.Information, "The database answers: the silo starts.")]
    public static partial void DatabaseAnswers(this ILogger log);
}
