using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aedile.Benchmarks.Engine;

/// <summary>Prints and saves samples, with what one must know of the machine to read them.</summary>
internal static class Report
{
    private const string FolderVariable = "AEDILE_BENCHMARK_RESULTS";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(IReadOnlyList<Sample> samples)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.OSArchitecture}, {samples.Min(sample => sample.Values.Count)} rounds");
        Console.WriteLine($"{"measure",-44}{"median",12}{"least",12}{"most",12}  {"unit",-6}{"bar",10}");
        foreach (var sample in samples)
        {
            var bar = sample.Bar is { } value ? $"{Text(value)} {(sample.Reaches is true ? "reached" : "MISSED")}" : "";
            Console.WriteLine($"{sample.Name,-44}{Text(sample.Median),12}{Text(sample.Least),12}{Text(sample.Most),12}"
                + $"  {sample.Unit,-6}{bar,18}");
        }
    }

    /// <summary>Writes <c>name.json</c> into the results folder; says so on the console.</summary>
    public static void Save(string name, IReadOnlyList<Sample> samples)
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? "results";
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name}.json");
        var result = new
        {
            Benchmark = name,
            Cores = Environment.ProcessorCount,
            Runtime = RuntimeInformation.FrameworkDescription,
            Architecture = RuntimeInformation.OSArchitecture.ToString(),
            Engine = typeof(Aedile.Engine.Hosting.SiloHost).Assembly.GetName().Version?.ToString(),
            Samples = samples.Select(sample => new
            {
                sample.Name, sample.Unit, sample.Bar, sample.Reaches,
                sample.Median, sample.Least, sample.Most, sample.Values,
            }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(result, Json) + "\n");
        Console.WriteLine($"saved {Path.GetFileName(path)}");
    }

    private static string Text(double value) =>
        value.ToString(value >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture);
}
