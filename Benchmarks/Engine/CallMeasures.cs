using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;

namespace Aedile.Benchmarks.Engine;

/// <summary>How many calls a second one silo serves to callers in its own process.</summary>
internal sealed class CallMeasures(TimeProvider clock)
{
    private const int Calls = 200_000;
    private const int Callers = 100;

    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(1);

    private double _slowest;
    private double _fastest;

    public async Task<double> OneCaller()
    {
        await using var host = await Start();
        var grain = host.Grains.GetGrain<IEchoGrain>(1);
        return await Rate(Calls, async () =>
        {
            for (var i = 0; i < Calls; i++) await grain.Echo(i);
        });
    }

    public async Task<double> OneGrain()
    {
        await using var host = await Start();
        var grain = host.Grains.GetGrain<ICallingGrain>(1);
        return await Rate(Calls, () => grain.Call(2, Calls));
    }

    public async Task<double> FanOut()
    {
        await using var host = await Start();
        var grains = Enumerable.Range(0, Callers).Select(i => host.Grains.GetGrain<IEchoGrain>(i)).ToArray();
        var tasks = new Task[grains.Length];
        return await Rate(Calls, async () =>
        {
            for (var sent = 0; sent < Calls; sent += tasks.Length)
            {
                for (var i = 0; i < tasks.Length; i++) tasks[i] = grains[i].Echo(i);
                await Task.WhenAll(tasks);
            }
        });
    }

    /// <summary>Every caller calls its own grain as fast as it can for a second.</summary>
    public async Task<double> ClosedLoops()
    {
        await using var host = await Start();
        var begin = clock.GetTimestamp();
        var loops = Enumerable.Range(0, Callers)
            .Select(i => Loop(host.Grains.GetGrain<IEchoGrain>(i), begin)).ToArray();
        var counts = await Task.WhenAll(loops);
        var mean = counts.Average();
        _slowest = counts.Min() / mean;
        _fastest = counts.Max() / mean;
        return counts.Sum() / clock.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Of the last <see cref="ClosedLoops"/>.</summary>
    public Task<double> SlowestCaller() => Task.FromResult(_slowest);

    /// <inheritdoc cref="SlowestCaller"/>
    public Task<double> FastestCaller() => Task.FromResult(_fastest);

    private static async Task<SiloHost> Start()
    {
        var host = SiloHost.Build(new SiloSeams(), _ => { });
        await host.Start(CancellationToken.None);
        return host;
    }

    private async Task<double> Loop(IEchoGrain grain, long begin)
    {
        // Off the caller's stack first: or the first loop would run alone until its first call.
        await Task.Yield();
        var calls = 0;
        while (clock.GetElapsedTime(begin) < LoopTime)
        {
            await grain.Echo(calls);
            calls++;
        }

        return calls;
    }

    private async Task<double> Rate(int calls, Func<Task> run)
    {
        var begin = clock.GetTimestamp();
        await run();
        return calls / clock.GetElapsedTime(begin).TotalSeconds;
    }
}
