using System.Net;
using Aedile.Engine.Filters;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Which silos a silo works with, and what they tell tracers.</summary>
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

    /// <summary>
    /// Makes a span of each call where it is made and where it is served, and lets traces flow with calls. The sources
    /// are named in <see cref="Diagnostics.ActivitySources"/>. Cost without a listener: that of two filters.
    /// </summary>
    public static ISiloBuilder AddActivityPropagation(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        FilterServices.AddSpans(builder.Services);
        return builder;
    }
}
