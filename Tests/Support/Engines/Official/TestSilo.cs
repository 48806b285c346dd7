using Aedile.Tests.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Reminders;

namespace Aedile.Tests.Support.Engines;

/// <summary>One silo of the official packages, with grains on manual time, and with the test's stage.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, ManualTime clock, Stage stage)
    {
        _host = host;
        Clock = clock;
        Stage = stage;
    }

    /// <summary>The clock of grains' timers. Time limits and ages go by the machine's.</summary>
    public ManualTime Clock { get; }

    public Stage Stage { get; }

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    public static async Task<TestSilo> Start(
        Action<ISiloBuilder>? configure = null, bool withStorage = true)
    {
        var clock = new ManualTime();
        var stage = new Stage();
        var port = PortRange.Take(2);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, port + 1);
            UseClock(silo.Services, clock);
            silo.Services.AddSingleton(stage);
            silo.UseSystemTextJsonGrainStorageSerializer();
            if (withStorage) silo.AddMemoryGrainStorageAsDefault();
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new TestSilo(host, clock, stage);
    }

    public ITallyGrain Tally(string key) => Grains.GetGrain<ITallyGrain>(key);

    public Task Stop() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Turns that a test still holds are not waited for.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _host.StopAsync(atOnce.Token);
        _host.Dispose();
    }

    // The packages' own work goes on in the machine's time.
    private static void UseClock(IServiceCollection services, ManualTime clock)
    {
        services.AddKeyedSingleton(KeyedService.AnyKey, (_, _) => TimeProvider.System);
        foreach (var area in (string[])[TimeProviderNames.Grains, ReminderTimeProviderNames.Reminders])
            services.AddKeyedSingleton<TimeProvider>(area, (_, _) => clock);
    }
}
