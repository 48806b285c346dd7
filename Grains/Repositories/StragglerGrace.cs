namespace Aedile.Grains.Repositories;

/// <summary>
/// How long a decision waits for stragglers: the floor, or three times their smoothed lag, at most eight floors. So a
/// loaded but healthy replica isn't left behind (and repaired) at every write, and a dead one costs the floor.
/// </summary>
internal sealed class StragglerGrace(TimeSpan floor)
{
    private TimeSpan _lag = TimeSpan.Zero;

    /// <summary>The wait now.</summary>
    public TimeSpan Current =>
        TimeSpan.FromTicks(Math.Clamp(_lag.Ticks * 3, floor.Ticks, floor.Ticks * 8));

    /// <summary>Learns from one round.</summary>
    /// <param name="waited">Time from the quorum to the verdict.</param>
    /// <param name="allAnswered">Whether everyone answered in it; a node that never answers teaches nothing.</param>
    public void Observe(TimeSpan waited, bool allAnswered)
    {
        if (allAnswered) _lag = (_lag * 7 + waited) / 8;
    }
}
