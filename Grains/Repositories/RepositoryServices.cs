using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aedile.Grains.Repositories;

/// <summary>What a host needs for repositories' grains.</summary>
public static class RepositoryServices
{
    /// <summary>
    /// Registers options, bounds and <see cref="LostRows"/>, which the host must take and wake. The host adds
    /// <see cref="IStorageNodes"/>, <see cref="TimeProvider"/>, <see cref="Client.Fleet.ICrashPoints"/> and a grain
    /// storage named <c>fleet</c>.
    /// </summary>
    public static IServiceCollection AddRepositories(this IServiceCollection services)
    {
        services.AddOptions<RepositoryOptions>().BindConfiguration("Repositories:Coordinator").ValidateOnStart();
        services.AddSingleton<IValidateOptions<RepositoryOptions>, RepositoryOptionsValidator>();
        return services.AddSingleton<RepairSlots>().AddSingleton<LostRows>();
    }
}
