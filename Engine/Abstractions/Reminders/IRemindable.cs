using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain that reminders wake up.</summary>
public interface IRemindable : IGrain
{
    /// <summary>Called at each tick, in turn with the grain's other calls; it activates the grain if need be.</summary>
    /// <remarks>
    /// A tick that nobody could deliver is skipped, and at a change of silos one may come twice: a tick says that time
    /// has passed, nothing more. If it throws, or takes longer than the response timeout, the next one comes all the
    /// same; none comes while one is served.
    /// </remarks>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
