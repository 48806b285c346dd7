namespace Aedile.Tests.Simulation;

/// <summary>How often what happened: a run that does nothing proves nothing.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How often; 0 when never.</summary>
    public int this[string what] => _counts.GetValueOrDefault(what);

    /// <summary>It happened.</summary>
    public void Count(string what, int times = 1) => _counts[what] = this[what] + times;

    /// <summary>Adds another run's.</summary>
    public void Add(Tally other)
    {
        foreach (var (what, times) in other._counts) Count(what, times);
    }

    /// <summary>A line for each.</summary>
    public override string ToString() => string.Concat(_counts.Select(c => $"{c.Value,9} {c.Key}\n"));
}
