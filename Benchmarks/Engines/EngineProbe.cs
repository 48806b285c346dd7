using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aedile.Benchmarks.Engines;

/// <summary>
/// Measures the engine that this program was built with, through its public API alone: a silo, and a client of it in
/// another process. Prints a line for each measure: name, tab, value.
/// </summary>
internal static class EngineProbe
{
    /// <summary>The command that such a process is started with.</summary>
    public const string Command = "engine-probe";

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
        foreach (var (callers, name) in new[] { (1, "one caller"), (Callers, "100 callers") })
        {
            await Loops(grains, callers, WarmUp);
            var times = await Loops(grains, callers, LoopTime);
            Print($"client to silo, {name}", times.Length / LoopTime.TotalSeconds);
            Print($"client to silo, {name}: p99", times[(int)(times.Length * 0.99)] / 1000);
        }

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

    private static async Task<double[]> Loops(IGrainFactory grains, int callers, TimeSpan time)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var loops = await Task.WhenAll(Enumerable.Range(0, callers).Select(Loop));
        return [.. loops.SelectMany(times => times).Order()];

        async Task<List<double>> Loop(int caller)
        {
            await Task.Yield();
            var grain = grains.GetGrain<IPingGrain>(caller);
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
