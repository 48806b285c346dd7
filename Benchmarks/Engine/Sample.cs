namespace Aedile.Benchmarks.Engine;

/// <summary>The rounds of one measure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Bar">What it must reach; null: only reported.</param>
/// <param name="HigherIsBetter">Whether the bar is a minimum.</param>
/// <param name="Values">One for each round.</param>
public sealed record Sample(string Name, string Unit, double? Bar, bool HigherIsBetter, IReadOnlyList<double> Values)
{
    public double Median => Values.Order().ElementAt(Values.Count / 2);

    public double Least => Values.Min();

    public double Most => Values.Max();

    public bool? Reaches => Bar is null ? null : HigherIsBetter ? Median >= Bar : Median <= Bar;
}
