using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Aedile.Benchmarks.Engines;

/// <summary>The bundled engine beside the official packages: the same program, built with each.</summary>
public static class EnginesBenchmark
{
    private static readonly (string Name, string Folder)[] Engines =
        [("bundled", "Release/net10.0"), ("official", "orleans/Release/net10.0")];

    /// <summary>Alternates both engines, each round in fresh processes, and prints medians and ratios.</summary>
    /// <returns>0 when ours is at least as good in every measure, 1 when not, 2 when one of them isn't built.</returns>
    public static async Task<int> Run(int rounds)
    {
        var bin = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../.."));
        var results = new SortedDictionary<string, Dictionary<string, List<double>>>(StringComparer.Ordinal);
        foreach (var (name, folder) in Engines)
        {
            if (File.Exists(ProgramIn(bin, folder))) continue;
            Console.Error.WriteLine($"The {name} engine isn't built; Benchmarks/run engines says why.");
            return 2;
        }

        await using var database = await PostgresUnderTest.Start(TimeProvider.System);
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first alternates.
            foreach (var (name, folder) in round % 2 == 0 ? Engines : [.. Engines.AsEnumerable().Reverse()])
            {
                var program = ProgramIn(bin, folder);
                var measured = await Probe(program);
                Environment.SetEnvironmentVariable(EngineProbe.ConnectionVariable, database.ConnectionString);
                measured.AddRange(await ProbePair(program, $"{name}-{round}"));
                measured.AddRange(await ProbeLoss(program, $"{name}-{round}-loss"));
                foreach (var (measure, value) in measured)
                {
                    if (!results.TryGetValue(measure, out var both)) results.Add(measure, both = []);
                    if (!both.TryGetValue(name, out var values)) both.Add(name, values = []);
                    values.Add(value);
                }
            }
        }

        return Print(results, rounds);
    }

    private static string ProgramIn(string bin, string folder) => Path.Combine(bin, folder, "Benchmarks.dll");

    private static async Task<List<(string, double)>> Probe(string program)
    {
        var ports = FreePorts.Take(2);
        var measured = new List<(string, double)>();
        using var silo = Start(program, "silo", Text(ports[0]), Text(ports[1]));
        await Read(silo, measured);
        using (var client = Start(program, "client", Text(ports[1]))) await Read(client, measured);
        await End(silo);
        return measured;
    }

    // The cluster's name is its own, so that nobody looks for silos of another round.
    private static async Task<List<(string, double)>> ProbePair(string program, string cluster)
    {
        var measured = new List<(string, double)>();
        using var callee = await Member(program, EngineProbe.Callee, cluster, measured);
        using var caller = await Member(program, EngineProbe.Caller, cluster, measured);
        await End(caller);
        await End(callee);
        return measured;
    }

    private static async Task<List<(string, double)>> ProbeLoss(string program, string cluster)
    {
        var measured = new List<(string, double)>();
        using var one = await Member(program, "one", cluster, measured);
        using var two = await Member(program, "two", cluster, measured);
        using var three = await Member(program, "three", cluster, measured);
        using var witness = Start(program, "witness", "two", cluster);
        await Read(witness, measured);
        two.Kill();
        await witness.StandardInput.WriteLineAsync("killed");
        await Read(witness, measured);
        await End(witness);
        await End(three);
        await End(one);
        return measured;
    }

    private static async Task<Process> Member(
        string program, string name, string cluster, List<(string, double)> measured)
    {
        var ports = FreePorts.Take(2);
        var silo = Start(program, "member", name, Text(ports[0]), Text(ports[1]), cluster);
        await Read(silo, measured);
        return silo;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [program, EngineProbe.Command, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;

    private static async Task End(Process silo)
    {
        silo.StandardInput.Close();
        await silo.WaitForExitAsync();
    }

    private static async Task Read(Process process, List<(string, double)> measured)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
            if (line.Split('\t') is [var name, var value])
                measured.Add((name, double.Parse(value, CultureInfo.InvariantCulture)));
        }
    }

    private static int Print(SortedDictionary<string, Dictionary<string, List<double>>> results, int rounds)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds, medians");
        Console.WriteLine($"{"measure",-66}{"bundled",14}{"official",14}{"ratio",10}");
        var isReached = true;
        foreach (var (measure, both) in results)
        {
            var (ours, theirs) = (Median(both["bundled"]), Median(both["official"]));
            var isTime = measure.EndsWith(", ms", StringComparison.Ordinal);
            isReached &= isTime ? ours <= theirs : ours >= theirs;
            var unit = isTime ? "ms" : "1/s";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{measure,-66}{ours,14:#,0.###}{theirs,14:#,0.###}{ours / theirs,10:0.00} {unit}"));
        }

        var folder = Environment.GetEnvironmentVariable("AEDILE_BENCHMARK_RESULTS") ?? "results";
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "engines.json");
        File.WriteAllText(path, JsonSerializer.Serialize(results) + "\n");
        return isReached ? 0 : 1;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
