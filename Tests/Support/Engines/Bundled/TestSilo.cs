using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Aedile.Tests.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Support.Engines;

/// <summary>One silo of the bundled engine, on manual time, with the test's stage.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private TestSilo(SiloHost host, ManualTime clock, Stage stage)
    {
        Host = host;
        Clock = clock;
        Stage = stage;
    }

    /// <summary>For tests of this engine's inside.</summary>
    public SiloHost Host { get; }

    /// <summary>The clock of grains: their timers, their ages. With this engine, of time limits too.</summary>
    public ManualTime Clock { get; }

    public Stage Stage { get; }

    public IGrainFactory Grains => Host.Grains;

    public IServiceProvider Services => Host.Services;

    public static async Task<TestSilo> Start(
        Action<ISiloBuilder>? configure = null, bool withStorage = true)
    {
        var clock = new ManualTime();
        var stage = new Stage();
        var seams = new SiloSeams { Clock = clock, Parts = [typeof(TestSilo).Assembly] };
        var host = SiloHost.Build(seams, silo =>
        {
            silo.Services.AddSingleton(stage);
            if (withStorage) silo.AddMemoryGrainStorageAsDefault();
            configure?.Invoke(silo);
        });
        await host.Start(CancellationToken.None);
        return new TestSilo(host, clock, stage);
    }

    public ITallyGrain Tally(string key) => Grains.GetGrain<ITallyGrain>(key);

    public Task Stop() => Host.Stop(TestContext.Current.CancellationToken);

    /// <summary>Waits until so many calls wait for their answers.</summary>
    public async Task WaitForCalls(int count)
    {
        while (Host.CallsWaiting < count) await Task.Yield();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
