using Aedile.Engine.Hosting;
using Orleans.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Makes a host a silo: it starts and stops with the host.</summary>
/// <remarks>Calling one of these again on the same host only configures the same silo further.</remarks>
public static class OrleansSiloGenericHostExtensions
{
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder) =>
        UseOrleans(hostAppBuilder, static _ => { });

    public static IHostApplicationBuilder UseOrleans(
        this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        SiloServices.AddHosted(hostAppBuilder.Services);
        configureDelegate(new SiloBuilder(hostAppBuilder.Services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder) =>
        UseOrleans(hostAppBuilder, static _ => { });

    public static HostApplicationBuilder UseOrleans(
        this HostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        UseOrleans((IHostApplicationBuilder)hostAppBuilder, configureDelegate);
        return hostAppBuilder;
    }

    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate) =>
        UseOrleans(hostBuilder, (_, silo) => configureDelegate(silo));

    public static IHostBuilder UseOrleans(
        this IHostBuilder hostBuilder, Action<HostBuilderContext, ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices((context, services) =>
        {
            SiloServices.AddHosted(services);
            configureDelegate(context, new SiloBuilder(services, context.Configuration));
        });
    }
}
