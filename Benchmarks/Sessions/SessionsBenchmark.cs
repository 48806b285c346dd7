using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Benchmarks.Git;
using Aedile.Client;

namespace Aedile.Benchmarks.Sessions;

/// <summary>
/// 2,000 agents with one silo: beats every second both ways, a copy of the model each. What the silo needs of one core
/// while nothing else happens, and memory for a session.
/// </summary>
internal static class SessionsBenchmark
{
    private const int Count = 2_000;
    private const int Port = 18970;
    private const double CorePercentMax = 30;
    private const double TicksPerSecond = 100; // USER_HZ, 100 on every Linux that .NET runs on.
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <summary>Measures, prints, and writes the result.</summary>
    /// <returns>1 when the bar is missed.</returns>
    public static async Task<int> Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("aedile-bench-").FullName;
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));
        var data = Path.Combine(folder, "data");
        var silo = Begin(
            Path.Combine(FleetUnderTest.SourceRoot(), "Silo/bin/Release/net10.0/aedile-silo.dll"), "--name", "silo-1",
            "--data", data, "--urls", address.GetLeftPart(UriPartial.Authority));
        var drained = silo.StandardOutput.ReadToEndAsync(); // A full pipe would stop it.
        Process? load = null;
        try
        {
            using var http = await WhenReady(address, data);
            await DefineNodes(http);
            await Task.Delay(Settling / 3, Clock);
            var memoryBefore = MemoryOf(silo);
            load = Begin(
                typeof(SessionsBenchmark).Assembly.Location, SessionLoad.Command, address.ToString(),
                Path.Combine(data, "identity", "silo-1"), await FleetOf(http),
                Count.ToString(CultureInfo.InvariantCulture));
            var since = Clock.GetTimestamp();
            if (await load.StandardOutput.ReadLineAsync() is not "open")
                throw new InvalidOperationException("The sessions could not be opened.");
            var opening = Clock.GetElapsedTime(since);
            // The compiler's second look at hot code belongs to no session.
            await Task.Delay(Settling, Clock);
            var (percent, before) = (new Samples(), await Ask(load));
            for (var i = 0; i < rounds; i++) percent.Add(await CorePercent(silo));
            var after = await Ask(load);
            var change = await ChangeAll(http, load);
            var memory = (MemoryOf(silo) - memoryBefore) / Count;
            return await Report(folder, new JsonObject
            {
                ["sessions"] = Count, ["ended"] = after.Ended,
                ["messagesPerSecond"] = (after.Heard - before.Heard) / (rounds * Round.TotalSeconds),
                ["siloCorePercent"] = percent.ToJson(), ["siloCorePercentMax"] = CorePercentMax,
                ["bytesPerSession"] = memory, ["openAllMs"] = opening.TotalMilliseconds,
                ["changeAtAllMs"] = change.TotalMilliseconds,
            }, percent.Median <= CorePercentMax && after.Ended == 0);
        }
        finally
        {
            if (load is not null) await ProcessTree.End(load, "TERM");
            await ProcessTree.End(silo, "TERM");
            await drained;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Begin(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        })!;

    private static async Task<HttpClient> WhenReady(Uri address, string data)
    {
        var http = new HttpClient { BaseAddress = address };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
                if (answer.IsSuccessStatusCode) break;
            }
            catch (HttpRequestException)
            {
                // It starts.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Clock);
        }

        var token = (await File.ReadAllTextAsync(Path.Combine(data, "admin.token"))).Trim();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<string> FleetOf(HttpClient http)
    {
        using var fleet = await http.GetFromJsonAsync<JsonDocument>("/v1/model/fleets/fleet", Wire.Json);
        return fleet!.RootElement.GetProperty("spec").GetProperty("fleet").GetString()!;
    }

    // So that each copy has something of its own, and each session an agent whose it is.
    private static async Task DefineNodes(HttpClient http)
    {
        foreach (var numbers in Enumerable.Range(1, Count).Chunk(500))
        {
            var nodes = numbers.Select(number => new
            {
                verb = "create", kind = "node", id = SessionLoad.NameOf(number),
                body = (object)new { spec = new { attributes = (string[])["ssd"] } },
            });
            var agents = numbers.Select(number => new
            {
                verb = "create", kind = "identity", id = SessionLoad.NameOf(number),
                body = (object)new
                {
                    spec = new
                    {
                        type = "agent", roles = (string[])["agent"], attributes = (string[])[],
                        node = SessionLoad.NameOf(number),
                    },
                },
            });
            var changes = nodes.Concat(agents);
            using var answer = await http.PostAsJsonAsync("/v1/model/transactions", new { changes }, Wire.Json);
            answer.EnsureSuccessStatusCode();
        }
    }

    // One definition that all agents get: until the last of them has it.
    private static async Task<TimeSpan> ChangeAll(HttpClient http, Process load)
    {
        var before = (await Ask(load)).Changes;
        var since = Clock.GetTimestamp();
        using var answer = await http.PostAsJsonAsync(
            "/v1/model/roles", new { id = "bench", spec = new { permissions = (string[])["nodes:read"] } }, Wire.Json);
        answer.EnsureSuccessStatusCode();
        while ((await Ask(load)).Changes < before + Count) { }
        return Clock.GetElapsedTime(since);
    }

    private static async Task<(long Heard, long Changes, long Ended)> Ask(Process load)
    {
        await load.StandardInput.WriteLineAsync("count");
        await load.StandardInput.FlushAsync();
        var line = await load.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The load ended.");
        var counts = line.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (counts[0], counts[1], counts[2]);
    }

    private static async Task<double> CorePercent(Process process)
    {
        var (since, ticks) = (Clock.GetTimestamp(), TicksOf(process));
        await Task.Delay(Round, Clock);
        return 100 * (TicksOf(process) - ticks) / TicksPerSecond / Clock.GetElapsedTime(since).TotalSeconds;
    }

    private static long TicksOf(Process process)
    {
        var text = File.ReadAllText($"/proc/{process.Id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static long MemoryOf(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    private static async Task<int> Report(string folder, JsonObject figures, bool isMet)
    {
        figures["benchmark"] = "sessions";
        figures["cores"] = Environment.ProcessorCount;
        figures["dotnet"] = Environment.Version.ToString();
        figures["kernel"] = Environment.OSVersion.VersionString;
        figures["isMet"] = isMet;
        var text = figures.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        Console.WriteLine(text);
        var results = Environment.GetEnvironmentVariable("AEDILE_BENCHMARK_RESULTS") ?? folder;
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(results).FullName, "sessions.json"), text + "\n");
        return isMet ? 0 : 1;
    }
}
