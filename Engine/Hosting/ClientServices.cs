using Aedile.Engine.Client;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;

namespace Aedile.Engine.Hosting;

/// <summary>The services a client is made of.</summary>
internal static class ClientServices
{
    /// <summary>Registers a client that starts and stops with the host. Idempotent.</summary>
    /// <exception cref="InvalidOperationException">The host is a silo, whose grains are called without a
    /// client.</exception>
    public static void AddHosted(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ClusterClient))) return;
        if (services.Any(service => service.ServiceType == typeof(Silo)))
        {
            throw new InvalidOperationException(
                "This host is a silo: its IClusterClient reaches all grains, so it needs no UseOrleansClient.");
        }

        Add(services);
        services.AddSingleton<IHostedService, HostedClient>();
    }

    /// <summary>Registers a client that somebody else starts. Seams that are registered already stay.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClientSeams>();
        services.TryAddSingleton(Make);
        services.TryAddSingleton<IClusterClient>(
            static provider => provider.GetRequiredService<ClusterClient>().GrainFactory);
        services.TryAddSingleton<IGrainFactory>(
            static provider => provider.GetRequiredService<ClusterClient>().GrainFactory);
    }

    private static ClusterClient Make(IServiceProvider services)
    {
        var seams = services.GetRequiredService<ClientSeams>();
        var list = services.GetService<IGatewayList>() ?? throw new InvalidOperationException(
            "The client has no gateways: call UseLocalhostClustering, UseStaticClustering or UseAdoNetClustering.");
        var network = seams.Network ?? SocketNetwork.Of(
            services, seams.Clock ?? services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value.MaxMessageBodySize);
        return new ClusterClient(services, seams, network, list);
    }
}
