using System.Net;
using Aedile.Engine.Client;
using Aedile.Engine.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Aedile.Benchmarks.Engine;

/// <summary>Calls between two processes: a client's or a silo's of a grain in another silo.</summary>
internal sealed class RemoteCallMeasures(TimeProvider clock)
{
    private const int Callers = 100;

    // The first seconds compile the hot paths, in both processes.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(2);

    private double _p99;
    private double _processorTime;

    public Task<double> ClientOne() => WithClient((grains, other) => Callings(grains, other, 1));

    public Task<double> ClientMany() => WithClient((grains, other) => Callings(grains, other, Callers));

    public Task<double> SiloOne() => WithSilo((grains, other) => Drivers(grains, other, 1));

    public Task<double> SiloMany() => WithSilo((grains, other) => Drivers(grains, other, Callers));

    /// <summary>The slowest of a hundred calls in the last measure, in milliseconds.</summary>
    public Task<double> P99() => Task.FromResult(_p99);

    /// <summary>
    /// Processor time that a call cost in both processes together, in microseconds: on a busy machine it says more than
    /// the rate.
    /// </summary>
    public Task<double> ProcessorTime() => Task.FromResult(_processorTime);

    private static async Task<double> WithClient(Func<IGrainFactory, Func<TimeSpan>, Task<double>> measure)
    {
        await using var silo = await RemoteSilo.Start();
        var services = new ServiceCollection();
        ClientServices.Add(services);
        new ClientBuilder(services, null!).UseStaticClustering(new IPEndPoint(IPAddress.Loopback, silo.GatewayPort));
        services.Configure<ClusterOptions>(options =>
            (options.ClusterId, options.ServiceId) = (BenchmarkSilo.ClusterId, BenchmarkSilo.ServiceId));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ClusterClient>();
        await client.Start(CancellationToken.None);
        var rate = await measure(client.GrainFactory, () => silo.ProcessorTime);
        await client.Stop(CancellationToken.None);
        return rate;
    }

    private static async Task<double> WithSilo(Func<IGrainFactory, Func<TimeSpan>, Task<double>> measure)
    {
        await using var other = await RemoteSilo.Start();
        await using var own = await BenchmarkSilo.Start(other.CallerPort, 0, other.SiloPort, other.CallerPort);
        return await measure(own.Host.Grains, () => other.ProcessorTime);
    }

    private async Task<double> Callings(IGrainFactory grains, Func<TimeSpan> other, int callers)
    {
        await Loops(WarmUp);
        return await Loops(LoopTime);

        async Task<double> Loops(TimeSpan time)
        {
            var used = Used(other);
            var begin = clock.GetTimestamp();
            var loops = await Task.WhenAll(Enumerable.Range(0, callers)
                .Select(i => Loop(grains.GetGrain<IEchoGrain>(i), begin, time)));
            return Sum(loops, begin, Used(other) - used);
        }
    }

    private async Task<double> Drivers(IGrainFactory grains, Func<TimeSpan> other, int callers)
    {
        await Drive(WarmUp);
        return await Drive(LoopTime);

        async Task<double> Drive(TimeSpan time)
        {
            var used = Used(other);
            var begin = clock.GetTimestamp();
            var loops = await Task.WhenAll(Enumerable.Range(0, callers)
                .Select(i => grains.GetGrain<IDriverGrain>(i).Drive(i, time)));
            return Sum(loops, begin, Used(other) - used);
        }
    }

    private double Sum(IReadOnlyList<DriveResult> loops, long begin, TimeSpan used)
    {
        var seconds = clock.GetElapsedTime(begin).TotalSeconds;
        var times = loops.SelectMany(loop => loop.Microseconds).Order().ToArray();
        _p99 = times[(int)(times.Length * 0.99)] / 1000.0;
        _processorTime = used.TotalMicroseconds / times.Length;
        return times.Length / seconds;
    }

    private static TimeSpan Used(Func<TimeSpan> other) => Environment.CpuUsage.TotalTime + other();

    private async Task<DriveResult> Loop(IEchoGrain grain, long begin, TimeSpan time)
    {
        await Task.Yield();
        return await DriverGrain.Loop(clock, grain, begin, time);
    }
}
