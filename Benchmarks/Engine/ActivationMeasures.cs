using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;

namespace Aedile.Benchmarks.Engine;

/// <summary>What activations cost in time and memory.</summary>
internal sealed class ActivationMeasures(TimeProvider clock)
{
    private const int Grains = 50_000;
    private const int AtOnce = 100;

    private double _bytes;

    /// <summary>Calls 50,000 new grains, 100 at a time.</summary>
    public async Task<double> Rate()
    {
        await using var host = SiloHost.Build(new SiloSeams(), _ => { });
        await host.Start(CancellationToken.None);
        await host.Grains.GetGrain<IEchoGrain>(-1).Echo(0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var begin = clock.GetTimestamp();
        var tasks = new Task[AtOnce];
        for (var made = 0; made < Grains; made += AtOnce)
        {
            for (var i = 0; i < AtOnce; i++) tasks[i] = host.Grains.GetGrain<IEchoGrain>(made + i).Echo(i);
            await Task.WhenAll(tasks);
        }

        var rate = Grains / clock.GetElapsedTime(begin).TotalSeconds;
        Array.Clear(tasks);
        _bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)host.Activations;
        return rate;
    }

    /// <summary>Memory that each of the grains of the last <see cref="Rate"/> kept when it was idle.</summary>
    public Task<double> IdleBytes() => Task.FromResult(_bytes);
}
