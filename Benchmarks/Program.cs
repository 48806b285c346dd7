using System.Globalization;
using Aedile.Benchmarks;

const int RoundsMax = 10_000;

if (BenchmarkCatalog.OtherHalf(args) is { } running) return await running;

// Each benchmark is a command of its own; Benchmarks/run builds and starts it. A bar that is missed is exit code 1.
var all = BenchmarkCatalog.All();
if (args is [var name, .. var rest] && all.TryGetValue(name, out var benchmark))
{
    if (rest is []) return await benchmark(null);
    if (rest is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
        && rounds is > 0 and <= RoundsMax)
        return await benchmark(rounds);
}
Console.Error.WriteLine($"usage: Benchmarks/run {string.Join('|', all.Keys)} [rounds, 1 to {RoundsMax}]");
return 64;
