using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>Log events 9400 to 9499: reminders. An id is never reused; runbooks and alerts search by it.</summary>
internal static partial class ReminderLog
{
    [LoggerMessage(EventId = 9400, Level = LogLevel.Information,
        Message = "reminders are kept with {Invariant}; their table is there")]
    public static partial void TableReady(this ILogger log, string invariant);

    [LoggerMessage(EventId = 9401, Level = LogLevel.Debug,
        Message = "reminders were read under view {View}; this silo serves {Count}")]
    public static partial void Read(this ILogger log, long view, int count);

    /// <summary>Expected while the database is away; alert if it goes on for longer than that.</summary>
    [LoggerMessage(EventId = 9402, Level = LogLevel.Warning,
        Message = "could not read the reminders; those known go on, the table is read again in {Wait}")]
    public static partial void ReadFailed(this ILogger log, Exception exception, TimeSpan wait);

    [LoggerMessage(EventId = 9403, Level = LogLevel.Warning,
        Message = "a tick of reminder {Reminder} of {Grain} failed; the next one comes after a period")]
    public static partial void TickFailed(this ILogger log, Exception exception, string reminder, GrainId grain);

    [LoggerMessage(EventId = 9404, Level = LogLevel.Warning,
        Message = "the row of reminder {Reminder} of '{Grain}' with a period of {Period} ms makes no sense; left out")]
    public static partial void SenselessRow(this ILogger log, string grain, string reminder, long period);

    [LoggerMessage(EventId = 9405, Level = LogLevel.Warning,
        Message = "silo {Silo} did not hear that reminder {Reminder} of {Grain} changed; it reads the table later")]
    public static partial void TellFailed(
        this ILogger log, Exception exception, SiloAddress silo, string reminder, GrainId grain);
}
