using Aedile.Grains.Interfaces.Model;
using Microsoft.Extensions.Logging;

namespace Aedile.Grains.Model;

/// <summary>Log events 5000 to 5099: Model. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(5000, LogLevel.Information, "This silo writes the model with epoch {Epoch}, from index {Index} on.")]
    public static partial void SequencerBegan(this ILogger log, long epoch, long index);

    [LoggerMessage(5001, LogLevel.Warning,
        "Epoch {Epoch} of the model is over: another silo writes now, or the journal is in doubt ({Outcome}).")]
    public static partial void SequencerOvertaken(this ILogger log, long epoch, WriteOutcome outcome);

    [LoggerMessage(5002, LogLevel.Warning, "The model can't be written, the journal is away: {Reason}")]
    public static partial void JournalAway(this ILogger log, string reason);

    [LoggerMessage(5003, LogLevel.Error, "The model's sequencer failed and begins anew.")]
    public static partial void SequencerFailed(this ILogger log, Exception error);

    [LoggerMessage(5004, LogLevel.Debug, "A replica of the model was not told of entries: {Reason}")]
    public static partial void FollowerNotTold(this ILogger log, string reason);
}
