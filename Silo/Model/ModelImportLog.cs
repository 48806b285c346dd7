namespace Aedile.Silo.Model;

/// <summary>Log events 5060 to 5079: imports of the model, moves of an installation. An id is never reused.</summary>
internal static partial class ModelImportLog
{
    /// <summary>Whoever watches changes has to read all entities again.</summary>
    [LoggerMessage(5060, LogLevel.Warning,
        "{Actor} replaced the model: {Entities} definitions of history {From} at index {Index} begin history {To}.")]
    public static partial void Imported(
        this ILogger log, int entities, string from, long index, string to, string actor);
}
