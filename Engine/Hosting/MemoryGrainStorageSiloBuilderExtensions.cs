using Aedile.Engine.Storage;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace Orleans.Hosting;

/// <summary>Keeps grain state in memory, for tests: it is gone with the silo.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(
        this ISiloBuilder builder, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null) =>
        builder.AddMemoryGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    public static ISiloBuilder AddMemoryGrainStorage(
        this ISiloBuilder builder, string name,
        Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddGrainStorage(name, MemoryGrainStorage.Create);
        return builder;
    }
}
