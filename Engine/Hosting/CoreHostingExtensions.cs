using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Which silos a silo works with.</summary>
public static class CoreHostingExtensions
{
    /// <summary>A silo of its own on this machine. Its state, not its membership, outlives the process.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder, int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT, IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev", string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
        builder.Services.Configure<EndpointOptions>(options =>
        {
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        return builder;
    }
}
