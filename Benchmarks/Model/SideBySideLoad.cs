using System.Text.Json.Nodes;

namespace Aedile.Benchmarks.Model;

/// <summary>Loads both in turn, and writes the medians down. Of etcd's two doors the faster one counts.</summary>
internal sealed class SideBySideLoad(H2Load load, int clients, int rounds, JsonObject figures)
{
    private const double Bar = 1.5;
    private const int WarmUpsMin = 3;
    private const int WarmUpsMax = 20;

    /// <summary>Installs what is needed.</summary>
    public Task Prepare() => load.Install();

    /// <summary>One comparison.</summary>
    /// <returns>Whether ours is faster by the bar, and its p99 no higher.</returns>
    public async Task<bool> Compare(
        string name, IReadOnlyList<LoadTarget> ours,
        (IReadOnlyList<LoadTarget> Grpc, IReadOnlyList<LoadTarget> Json) theirs)
    {
        await WarmUp(name, ours);
        var (our, grpc, json) = (new List<LoadResult>(), new List<LoadResult>(), new List<LoadResult>());
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first alternates.
            if (round % 2 == 0) our.Add(await load.Run(clients, ours));
            grpc.Add(await load.Run(clients, theirs.Grpc));
            json.Add(await load.Run(clients, theirs.Json));
            if (round % 2 != 0) our.Add(await load.Run(clients, ours));
        }

        var (mine, byGrpc, byJson) = (Median(our), Median(grpc), Median(json));
        var best = byGrpc.Rate > byJson.Rate ? byGrpc : byJson;
        figures[name] = new JsonObject
        {
            ["ours, 1/s"] = mine.Rate, ["etcd by gRPC, 1/s"] = byGrpc.Rate, ["etcd by JSON, 1/s"] = byJson.Rate,
            ["ratio"] = mine.Rate / best.Rate, ["bar"] = Bar,
            ["ours, p99 ms"] = mine.P99, ["etcd by gRPC, p99 ms"] = byGrpc.P99, ["etcd by JSON, p99 ms"] = byJson.P99,
        };
        Console.WriteLine($"{name}: {figures[name]!.ToJsonString()}");
        return mine.Rate >= Bar * best.Rate && mine.P99 <= best.P99;
    }

    // Ours is compiled while it runs, with what it learned of itself: for the first minute it becomes faster all the
    // time, and it is up for months. So it is loaded until two rounds are no faster than the one before them.
    private async Task WarmUp(string name, IReadOnlyList<LoadTarget> ours)
    {
        var rates = new List<double>();
        while (rates.Count < WarmUpsMin || (rates.Count < WarmUpsMax && rates[^3] < Math.Max(rates[^2], rates[^1])))
            rates.Add((await load.Run(clients, ours)).Rate);
        figures[name + ", while it warmed up, 1/s"] =
            new JsonArray([.. rates.Select(rate => JsonValue.Create((int)rate))]);
    }

    private static LoadResult Median(List<LoadResult> results) => new(
        results.Select(result => result.Rate).Order().ElementAt(results.Count / 2),
        results.Select(result => result.P99).Order().ElementAt(results.Count / 2));
}
