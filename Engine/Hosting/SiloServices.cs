using Aedile.Engine.Activations;
using Aedile.Engine.Membership;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Hosting;

/// <summary>The services a silo is made of.</summary>
internal static class SiloServices
{
    /// <summary>Registers a silo that starts and stops with the host. Idempotent.</summary>
    public static void AddHosted(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Silo))) return;
        Add(services);
        services.AddSingleton<IHostedService, HostedSilo>();
    }

    /// <summary>Registers a silo that somebody else starts. Seams that are registered already stay.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SiloSeams>();
        services.TryAddSingleton<Silo>();
        services.TryAddSingleton<IClusterClient>(static provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.TryAddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.TryAddSingleton<StatusOracle>();
        services.TryAddSingleton<ISiloStatusOracle>(static provider => provider.GetRequiredService<StatusOracle>());
        services.TryAddTransient<ILocalSiloDetails>(static provider => provider.GetRequiredService<Silo>().Details);
        services.TryAddTransient<IGrainContext>(static _ => ActivationScope.Current
            ?? throw new InvalidOperationException("There is a grain context only inside of a grain's turns."));
    }
}
