namespace Orleans.Runtime;

/// <summary>Says which tick of a reminder a grain gets. Times are UTC.</summary>
[GenerateSerializer, Immutable, Alias("Orleans.Runtime.TickStatus")]
public readonly struct TickStatus
{
    public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        FirstTickTime = firstTickTime;
        Period = period;
        CurrentTickTime = timeStamp;
    }

    /// <summary>When the first tick was due; all are due whole periods after it.</summary>
    [Id(0)]
    public DateTime FirstTickTime { get; private init; }

    [Id(1)]
    public TimeSpan Period { get; private init; }

    /// <summary>When the silo sent this tick.</summary>
    [Id(2)]
    public DateTime CurrentTickTime { get; private init; }

    public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
}
