using System.Net;
using Aedile.Engine.Filters;
using Aedile.Engine.Hosting;
using Aedile.Engine.Membership;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Which silos a silo works with, and what they tell tracers.</summary>
public static class CoreHostingExtensions
{
    /// <summary>
    /// A silo that is its whole fleet, for clients on this machine. Its state outlives the process, its membership not.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">Where it listens for silos.</param>
    /// <param name="gatewayPort">Where it listens for clients; 0: nowhere.</param>
    /// <param name="primarySiloEndpoint">Null, or the silo itself: several need a database.</param>
    /// <param name="serviceId">What the fleet is for, over all its lives.</param>
    /// <param name="clusterId">Tells this fleet from others.</param>
    /// <exception cref="NotSupportedException">The primary silo is another one.</exception>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder, int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT, IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev", string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(builder);
        var self = new IPEndPoint(IPAddress.Loopback, siloPort);
        if (primarySiloEndpoint is not null && !primarySiloEndpoint.Equals(self))
        {
            throw new NotSupportedException(
                $"Silo {siloPort} can't join the one at {primarySiloEndpoint}: several silos share a database, "
                + "with UseAdoNetClustering.");
        }

        builder.Services.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
        builder.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort);
        FleetServices.Add(builder.Services, services =>
            new MemoryMembershipStore(services.GetService<TimeProvider>() ?? TimeProvider.System));
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
