using System.Net;
using Aedile.Silo.Engines;
using Aedile.Tests.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Aedile.Tests.Support.Engines;

/// <summary>
/// Two silos of the official packages and a client that knows the first one's gateway, over real sockets.
/// </summary>
/// <remarks>A grain lives on the silo whose number is before the colon in its key.</remarks>
internal sealed class TwoSilos : IAsyncDisposable
{
    private readonly int _ports = PortRange.Take(4);
    private readonly List<IHost> _hosts = [];

    public IGrainFactory Client => GrainsOf(_hosts[^1]);

    /// <summary>What the grains of both silos tell.</summary>
    public Stage Stage { get; } = new();

    public static async Task<TwoSilos> Start()
    {
        var fleet = new TwoSilos();
        try
        {
            await fleet.StartSilo(0);
            await fleet.StartSilo(1);
            await fleet.StartClient();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls from inside of a silo, outside of grains.</summary>
    public IGrainFactory Silo(int number) => GrainsOf(_hosts[number]);

    /// <summary>Calls from the client, or from the first silo.</summary>
    public IGrainFactory From(string where) => where == "client" ? Client : Silo(0);

    /// <returns>How many tally grains a silo hosts.</returns>
    public async Task<int> Tallies(int silo)
    {
        var self = _hosts[silo].Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        var found = await Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(hostsIds: [self]);
        return found.Count(one => one.GrainId.Type.ToString() == "tally");
    }

    public async ValueTask DisposeAsync()
    {
        // Turns that a test still holds are not waited for.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(atOnce.Token);
            host.Dispose();
        }
    }

    private static IGrainFactory GrainsOf(IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    private Task StartSilo(int number)
    {
        var port = _ports + (2 * number);
        var first = new IPEndPoint(IPAddress.Loopback, _ports);
        return Start(builder => builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, port + 1, number == 0 ? null : first);
            HostedEngine.Tune(silo);
            // On a busy machine, silos of one process would vote each other out.
            silo.Configure<ClusterMembershipOptions>(membership => membership.LivenessEnabled = false);
            silo.AddPlacementDirector<ByKey, ByKeyDirector>();
            silo.Services.AddSingleton<PlacementStrategy, ByKey>();
            silo.Services.AddSingleton(Stage);
        }));
    }

    private Task StartClient() =>
        Start(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(_ports + 1)));

    private async Task Start(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        configure(builder);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
    }
}
