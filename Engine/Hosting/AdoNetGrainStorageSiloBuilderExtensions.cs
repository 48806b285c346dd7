using Aedile.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Keeps grain state in a database through ADO.NET.</summary>
public static class AdoNetGrainStorageSiloBuilderExtensions
{
    /// <inheritdoc cref="AddAdoNetGrainStorage(ISiloBuilder, string, Action{AdoNetGrainStorageOptions})"/>
    public static ISiloBuilder AddAdoNetGrainStorageAsDefault(
        this ISiloBuilder builder, Action<AdoNetGrainStorageOptions> configureOptions) =>
        builder.AddAdoNetGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    /// <inheritdoc cref="AddAdoNetGrainStorage(ISiloBuilder, string, Action{AdoNetGrainStorageOptions})"/>
    public static ISiloBuilder AddAdoNetGrainStorageAsDefault(
        this ISiloBuilder builder, Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null) =>
        builder.AddAdoNetGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    /// <summary>Registers a storage under <paramref name="name"/>; its schema is created when the silo starts.</summary>
    public static ISiloBuilder AddAdoNetGrainStorage(
        this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions) =>
        builder.AddAdoNetGrainStorage(name, options => options.Configure(configureOptions));

    /// <inheritdoc cref="AddAdoNetGrainStorage(ISiloBuilder, string, Action{AdoNetGrainStorageOptions})"/>
    public static ISiloBuilder AddAdoNetGrainStorage(
        this ISiloBuilder builder, string name,
        Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        configureOptions?.Invoke(builder.Services.AddOptions<AdoNetGrainStorageOptions>(name));
        builder.Services.AddGrainStorage(name, AdoNetGrainStorage.Create);
        builder.Services.AddSingleton(services =>
            (IStorageSetup)services.GetRequiredKeyedService<IGrainStorage>(name));
        return builder;
    }
}
