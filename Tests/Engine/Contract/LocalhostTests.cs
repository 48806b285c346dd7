using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Engine;

/// <summary>Goal: a silo and a client of the machine find each other by ports alone.</summary>
public sealed class LocalhostTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_client_calls_the_grains_of_a_silo_on_this_machine()
    {
        var port = PortRange.Take(2);
        using var silo = Build(builder => builder.UseOrleans(host => host
            .UseLocalhostClustering(port, port + 1).AddMemoryGrainStorageAsDefault().Services.AddSingleton<Stage>()));
        await silo.StartAsync(TestContext.Current.CancellationToken);
        using var client = Build(builder => builder.UseOrleansClient(host => host.UseLocalhostClustering(port + 1)));
        await client.StartAsync(TestContext.Current.CancellationToken);
        var tally = client.Services.GetRequiredService<IClusterClient>().GetGrain<ITallyGrain>("a");
        Assert.Equal(3, await tally.Add(3));
        Assert.Equal(3, await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ITallyGrain>("a").Add(0));
        await client.StopAsync(TestContext.Current.CancellationToken);
        await silo.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Build(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        configure(builder);
        return builder.Build();
    }
}
