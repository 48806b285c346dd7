namespace Aedile.Tests.Simulation.Fleet;

/// <summary>When alarms rang, by the time of the run.</summary>
/// <param name="now">The time of the run.</param>
public sealed class TickLedger(Func<TimeSpan> now)
{
    private readonly SortedDictionary<string, List<TimeSpan>> _ticks = new(StringComparer.Ordinal);

    /// <summary>How often any has rung.</summary>
    public int Count => _ticks.Values.Sum(ticks => ticks.Count);

    /// <summary>One rings.</summary>
    public void Ticked(string alarm)
    {
        if (!_ticks.TryGetValue(alarm, out var ticks)) _ticks.Add(alarm, ticks = []);
        ticks.Add(now());
    }

    /// <summary>How often one has rung since a time.</summary>
    public int Since(string alarm, TimeSpan time) =>
        _ticks.TryGetValue(alarm, out var ticks) ? ticks.Count(tick => tick >= time) : 0;
}
