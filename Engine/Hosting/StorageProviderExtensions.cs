using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime.Hosting;

/// <summary>Registers storages of grain state.</summary>
public static class StorageProviderExtensions
{
    /// <summary>Registers a storage under a name; <c>Default</c> serves grains that name none.</summary>
    public static IServiceCollection AddGrainStorage<T>(
        this IServiceCollection collection, string name, Func<IServiceProvider, string, T> implementationFactory)
        where T : IGrainStorage =>
        collection.AddKeyedSingleton<IGrainStorage>(
            name, (services, key) => implementationFactory(services, (string)key!));
}
