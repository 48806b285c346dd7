using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain's timer fires and how its turns mix with requests.</summary>
public struct GrainTimerCreationOptions
{
    public GrainTimerCreationOptions()
    {
    }

    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time until it fires first; <see cref="Timeout.InfiniteTimeSpan"/>: not before it is changed.</summary>
    public required TimeSpan DueTime { get; set; }

    /// <summary>From the end of a callback to the next; <see cref="Timeout.InfiniteTimeSpan"/>: once only.</summary>
    public required TimeSpan Period { get; set; }

    /// <summary>Whether the callback may run between the turns of a waiting request. Default false.</summary>
    public bool Interleave { get; set; }

    /// <summary>Whether firing counts as use, so that the activation is not collected as idle. Default false.</summary>
    public bool KeepAlive { get; set; }
}
