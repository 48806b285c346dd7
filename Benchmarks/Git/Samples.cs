using System.Globalization;
using System.Text.Json.Nodes;

namespace Aedile.Benchmarks.Git;

/// <summary>Measured values of one side.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public void Add(double value) => _values.Add(value);

    public double Median => At(0.5);

    public double P95 => At(0.95);

    public double Min => At(0);

    public double Max => At(1);

    public int Count => _values.Count;

    public JsonObject ToJson() => new()
    {
        ["median"] = Median, ["p95"] = P95, ["min"] = Min, ["max"] = Max, ["count"] = Count,
    };

    /// <summary>A line for people.</summary>
    public string ToText(string unit) => string.Create(CultureInfo.InvariantCulture,
        $"median {Median:0.###} {unit}, p95 {P95:0.###}, min {Min:0.###}, max {Max:0.###}, {Count} rounds");

    // Nearest rank: always a value that was measured.
    private double At(double quantile)
    {
        var sorted = _values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
