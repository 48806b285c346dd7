using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aedile.Engine.Hosting;

/// <summary>What a silo has in addition when it is one of several.</summary>
internal static class FleetServices
{
    /// <summary>Makes the silo one of those that share a membership.</summary>
    public static void Add(IServiceCollection services, Func<IServiceProvider, IMembershipStore> membership)
    {
        services.AddSingleton<IMembershipStore>(membership);
        services.TryAddSingleton<IRouter>(static provider => FleetOf(provider).LateRouter);
        services.TryAddSingleton<ISiloMessenger>(static provider => FleetOf(provider).LateMessenger);
    }

    private static SiloFleet FleetOf(IServiceProvider services) => services.GetRequiredService<Silo>().Fleet!;
}
