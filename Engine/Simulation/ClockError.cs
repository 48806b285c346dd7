namespace Aedile.Engine.Simulation;

/// <summary>How wrong a machine's clock is.</summary>
/// <param name="Drift">Microseconds that it gains in a second of true time; negative: it loses them.</param>
/// <param name="Offset">How far its time of day is off when the run begins. Elapsed time knows nothing of it.</param>
internal sealed record ClockError(int Drift, TimeSpan Offset)
{
    private const long Million = 1_000_000;

    /// <summary>A right clock.</summary>
    public static ClockError None { get; } = new(0, TimeSpan.Zero);

    /// <summary>What the clock measures in a true time since the run began.</summary>
    public TimeSpan Measured(TimeSpan time) => time + TimeSpan.FromTicks(time.Ticks * Drift / Million);

    /// <summary>The true time in which the clock measures at least this much.</summary>
    public TimeSpan True(TimeSpan measured) => Drift == 0
        ? measured
        : TimeSpan.FromTicks((long)((Int128)measured.Ticks * Million / (Million + Drift)) + 2);
}
