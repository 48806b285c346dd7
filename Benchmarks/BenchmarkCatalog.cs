using System.Globalization;
using Aedile.Benchmarks.Clone;
using Aedile.Benchmarks.Engines;
using Aedile.Benchmarks.Model;
using Aedile.Benchmarks.Push;
using Aedile.Benchmarks.Sessions;
using Aedile.Client.Identity;

namespace Aedile.Benchmarks;

/// <summary>The benchmarks by name. Those of the bundled engine are only in a build with it.</summary>
internal static partial class BenchmarkCatalog
{
    /// <summary>Each takes the number of rounds, null for its usual one, and returns the exit code.</summary>
    public static SortedDictionary<string, Func<int?, Task<int>>> All()
    {
        var all = new SortedDictionary<string, Func<int?, Task<int>>>(StringComparer.Ordinal)
        {
            ["engines"] = rounds => EnginesBenchmark.Run(rounds ?? 5),
            ["clone"] = rounds => CloneBenchmark.Run(rounds ?? 11),
            ["model"] = rounds => ModelBenchmark.Run(rounds ?? 5),
            ["push"] = rounds => PushBenchmark.Run(rounds ?? 100),
            ["sessions"] = rounds => SessionsBenchmark.Run(rounds ?? 5),
        };
        AddEngine(all);
        return all;
    }

    /// <summary>The process that a benchmark has started for its other half, if this is one.</summary>
    public static Task<int>? OtherHalf(string[] args)
    {
        var running = args switch
        {
            [EngineProbe.Command, "silo", var silo, var gateway] => EngineProbe.Silo(Port(silo), Port(gateway)),
            [EngineProbe.Command, "client", var gateway] => EngineProbe.Client(Port(gateway)),
            [EngineProbe.Command, "member", var name, var silo, var gateway, var cluster] =>
                EngineProbe.Member(name, Port(silo), Port(gateway), cluster),
            [EngineProbe.Command, "witness", var victim, var cluster] => EngineProbe.Witness(victim, cluster),
            [SessionLoad.Command, var silo, var keys, var fleet, var count] => SessionLoad.Run(
                new Uri(silo), new AgentProofs(keys, FleetId.Parse(fleet)),
                int.Parse(count, CultureInfo.InvariantCulture)),
            _ => null,
        };
        StartOtherHalf(args, ref running);
        return running;
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    static partial void StartOtherHalf(string[] args, ref Task<int>? running);

    static partial void AddEngine(SortedDictionary<string, Func<int?, Task<int>>> all);
}
