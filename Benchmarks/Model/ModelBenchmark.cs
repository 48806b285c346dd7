using System.Text.Json.Nodes;
using Aedile.Benchmarks.Git;

namespace Aedile.Benchmarks.Model;

/// <summary>
/// The model over REST, with three silos on a PostgreSQL, beside three members of etcd with as many clients and as long
/// payloads, in turn; and what its state costs by itself.
/// </summary>
internal static class ModelBenchmark
{
    private const int FleetPort = 18900;
    private const int PeerPort = 18950;
    private const int Clients = 64;

    /// <returns>0 when every bar is reached, 1 otherwise.</returns>
    public static async Task<int> Run(int rounds)
    {
        var figures = new JsonObject
        {
            ["benchmark"] = "model", ["cores"] = Environment.ProcessorCount, ["clients"] = Clients, ["rounds"] = rounds,
        };
        var isReached = await MeasureState(figures);
        var folder = Directory.CreateTempSubdirectory("aedile-bench-").FullName;
        try
        {
            var tool = new Tool(folder);
            await using var peer = await EtcdPeer.Start(tool, Path.Combine(folder, "etcd"), PeerPort);
            await using var fleet = await FleetUnderTest.Start(tool, folder, FleetPort, "fleet", "--silos", "3");
            var pairs = new SideBySideLoad(new H2Load(tool, folder), Clients, rounds, figures);
            isReached &= await MeasureRest(new ModelLoads(fleet, peer), pairs);
            isReached &= await Propagation.Measure(fleet, figures);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var text = figures.ToJsonString(new() { WriteIndented = true });
        Console.WriteLine(text);
        var results = Directory.CreateDirectory(Path.Combine(FleetUnderTest.SourceRoot(), "Benchmarks", "results"));
        await File.WriteAllTextAsync(Path.Combine(results.FullName, "model.json"), text + "\n");
        return isReached ? 0 : 1;
    }

    private static async Task<bool> MeasureState(JsonObject figures)
    {
        var state = new StateMeasures(TimeProvider.System);
        var (seconds, bytes) = await state.Load(1_000_000);
        var reads = state.Reads(10_000);
        figures["reads in process, 10,000 entities, 1/s (bar 5,000,000)"] = reads;
        figures["reads in process, 1,000,000 entities, 1/s"] = state.Reads(1_000_000);
        figures["snapshot of 1,000,000 entities, s (bar 20)"] = seconds;
        figures["memory of an entity, bytes"] = bytes;
        Console.WriteLine(figures.ToJsonString());
        return reads >= 5e6 && seconds < 20;
    }

    private static async Task<bool> MeasureRest(ModelLoads loads, SideBySideLoad pairs)
    {
        await pairs.Prepare();
        await loads.Fill();
        var before = await loads.Written();
        var isReached = await pairs.Compare("writes", loads.OurWrites(), loads.TheirWrites());
        var after = await loads.Written();
        if (after.Ours == before.Ours || after.Theirs == before.Theirs)
            throw new InvalidOperationException("Answers were good, and nothing was written.");
        isReached &= await pairs.Compare(
            "latest reads", loads.OurReads("?consistency=latest"), loads.TheirReads(isSerializable: false));
        return await pairs.Compare("local reads", loads.OurReads(""), loads.TheirReads(isSerializable: true))
            && isReached;
    }
}
