using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Engine.Hosting;

/// <summary>The services a silo is made of.</summary>
internal static class SiloServices
{
    /// <summary>Registers a silo that starts and stops with the host. Idempotent.</summary>
    public static void AddHosted(IServiceCollection services) => services.AddOptions();
}
