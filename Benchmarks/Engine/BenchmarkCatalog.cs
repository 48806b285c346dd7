using Aedile.Benchmarks.Engine;

namespace Aedile.Benchmarks;

internal static partial class BenchmarkCatalog
{
    static partial void StartOtherHalf(string[] args, ref Task<int>? running)
    {
        if (args is [RemoteSilo.Command, .. var ports]) running = BenchmarkSilo.RunAlone(ports);
    }

    static partial void AddEngine(SortedDictionary<string, Func<int?, Task<int>>> all)
    {
        all["engine"] = rounds => EngineBenchmark.Run(rounds ?? 7);
        all["engine-remote"] = rounds => EngineBenchmark.RunRemote(rounds ?? 7);
        all["engine-storage"] = rounds => EngineBenchmark.RunStorage(rounds ?? 7);
    }
}
