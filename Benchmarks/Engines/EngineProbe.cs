using System.Globalization;
using System.Net;
using Aedile.Silo.Engines;
using Aedile.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Aedile.Benchmarks.Engines;

/// <summary>
/// Measures the engine that this program was built with, through its public API alone: a silo, and a client or another
/// silo in another process. Prints a line for each measure: name, tab, value.
/// </summary>
internal static class EngineProbe
{
    /// <summary>The command that such a process is started with.</summary>
    public const string Command = "engine-probe";

    /// <summary>The database of a pair of silos, in the environment: it may hold a password.</summary>
    public const string ConnectionVariable = "AEDILE_PROBE_CONNECTION";

    /// <summary>The silo of a pair that is called; started before the other.</summary>
    public const string Callee = "callee";

    /// <summary>The silo of a pair that calls.</summary>
    public const string Caller = "caller";

    private const int Callers = 100;
    private const int Woken = 20_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs a silo that calls itself, and stays for a client until its input is closed.</summary>
    public static async Task<int> Silo(int siloPort, int gatewayPort)
    {
        using var host = Build(builder => builder.UseOrleans(
            silo => silo.UseLocalhostClustering(siloPort, gatewayPort)));
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var clock = TimeProvider.System;
        await Say("local call, one caller that is a grain", () => Rate(1, grains));
        await Say("local fan-out, WhenAll of 100 by a grain", () => Rate(Callers, grains));
        await Say("activations", async () =>
        {
            await grains.GetGrain<IPingGrain>(1_000_000).Wake(Woken);
            var began = clock.GetTimestamp();
            await grains.GetGrain<IPingGrain>(2_000_000).Wake(Woken);
            return Woken / clock.GetElapsedTime(began).TotalSeconds;
        });
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
        return 0;
    }

    /// <summary>Measures calls of a client.</summary>
    public static async Task<int> Client(int gatewayPort)
    {
        using var host = Build(builder => builder.UseOrleansClient(
            client => client.UseLocalhostClustering(gatewayPort)));
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IClusterClient>();
        await SayCalls("client to silo", [.. Enumerable.Range(0, Callers).Select(i => grains.GetGrain<IPingGrain>(i))]);
        await host.StopAsync();
        return 0;
    }

    /// <summary>
    /// Runs a silo of a fleet over a database, until its input is closed. The callee of a pair hosts grains, the caller
    /// measures calls of those that stay there; any other silo does nothing of its own.
    /// </summary>
    public static async Task<int> Member(string name, int siloPort, int gatewayPort, string cluster)
    {
        var database = SiloDatabase.OnPostgres(Environment.GetEnvironmentVariable(ConnectionVariable)!);
        await HostedEngine.Prepare(database, CancellationToken.None);
        using var host = Build(builder => builder.UseOrleans(silo =>
        {
            silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster));
            silo.UseAdoNetClustering(options =>
                (options.Invariant, options.ConnectionString) = (database.Invariant, database.ConnectionString));
            HostedEngine.Tune(silo);
        }));
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var all = Enumerable.Range(0, 4 * Callers).Select(i => grains.GetGrain<IPingGrain>(i)).ToList();
        if (name == Callee) foreach (var grain in all) await grain.Ping(1);
        if (name == Caller) await SayCalls("silo to silo", await ThoseAt(Callee, all));
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
        return 0;
    }

    /// <summary>
    /// Measures as a client what becomes of a silo's grains, and of calls under way there, when it is killed: once this
    /// process has printed that it is ready. A line on its input says that it is done.
    /// </summary>
    public static async Task<int> Witness(string victim, string cluster)
    {
        var database = SiloDatabase.OnPostgres(Environment.GetEnvironmentVariable(ConnectionVariable)!);
        using var host = Build(builder => builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster));
            client.UseAdoNetClustering(options =>
                (options.Invariant, options.ConnectionString) = (database.Invariant, database.ConnectionString));
        }));
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IClusterClient>();
        var witness = new SiloLossWitness(victim, TimeProvider.System);
        await witness.Begin(await ThoseAt(
            victim, Enumerable.Range(0, 50 * Callers).Select(i => grains.GetGrain<IPingGrain>(i))));
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        var (answered, failed) = await witness.End();
        Print("kill -9 of one of three silos: its grains answer, ms", answered.TotalMilliseconds);
        Print("kill -9 of one of three silos: calls under way have failed, ms", failed.TotalMilliseconds);
        Console.WriteLine("ready");
        await host.StopAsync();
        return 0;
    }

    private static IHost Build(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        configure(builder);
        return builder.Build();
    }

    private static async Task<double> Rate(int atOnce, IGrainFactory grains)
    {
        var caller = grains.GetGrain<IPingGrain>(-1000 * atOnce);
        await caller.Call(atOnce, WarmUp);
        return await caller.Call(atOnce, LoopTime) / LoopTime.TotalSeconds;
    }

    // Ours hands over the second silo's share; the official packages leave grains where they are, and may place few of
    // the next ones in a silo too.
    private static async Task<List<IPingGrain>> ThoseAt(string silo, IEnumerable<IPingGrain> all)
    {
        var there = new List<IPingGrain>();
        foreach (var grain in all)
        {
            if (await grain.Where() == silo) there.Add(grain);
            if (there.Count == Callers) return there;
        }

        throw new InvalidOperationException($"Only {there.Count} grains live in {silo}.");
    }

    // A call of each caller's own grain after the other; the rate, and the slowest of a hundred in milliseconds.
    private static async Task SayCalls(string way, List<IPingGrain> targets)
    {
        foreach (var (callers, name) in new[] { (1, "one caller"), (Callers, "100 callers") })
        {
            var called = targets[..callers];
            await Loops(called, WarmUp);
            var times = await Loops(called, LoopTime);
            Print($"{way}, {name}", times.Length / LoopTime.TotalSeconds);
            Print($"{way}, {name}: p99, ms", times[(int)(times.Length * 0.99)] / 1000);
        }
    }

    private static async Task<double[]> Loops(List<IPingGrain> targets, TimeSpan time)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var loops = await Task.WhenAll(targets.Select(Loop));
        return [.. loops.SelectMany(times => times).Order()];

        async Task<List<double>> Loop(IPingGrain grain)
        {
            await Task.Yield();
            var times = new List<double>(100_000);
            var last = began;
            while (clock.GetElapsedTime(began, last) < time)
            {
                await grain.Ping(1);
                var now = clock.GetTimestamp();
                times.Add(clock.GetElapsedTime(last, now).TotalMicroseconds);
                last = now;
            }

            return times;
        }
    }

    private static async Task Say(string name, Func<Task<double>> measure) => Print(name, await measure());

    private static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{value}"));
}
