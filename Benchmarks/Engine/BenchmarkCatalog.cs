using Aedile.Benchmarks.Engine;

namespace Aedile.Benchmarks;

internal static partial class BenchmarkCatalog
{
    static partial void AddEngine(SortedDictionary<string, Func<int?, Task<int>>> all) =>
        all["engine"] = rounds => EngineBenchmark.Run(rounds ?? 7);
}
