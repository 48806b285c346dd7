using Aedile.Grains.Model;
using Aedile.Silo.Model.Copies;
using Aedile.Silo.Model.Copy;
using Aedile.Silo.Storage.Model;

namespace Aedile.Silo.Model;

/// <summary>What a silo needs for the model.</summary>
internal static class ModelServices
{
    /// <summary>
    /// Registers replica, journal and sequencer. The host adds <see cref="Storage.SiloDatabase"/> with its schema,
    /// <see cref="TimeProvider"/> and the engine, in this order before these.
    /// </summary>
    public static IServiceCollection AddModel(this IServiceCollection services)
    {
        services.AddReplica();
        services.AddSingleton<ModelSnapshots>();
        services.AddSingleton<IModelSnapshots>(provider => provider.GetRequiredService<ModelSnapshots>());
        services.AddSingleton<IModelHistory>(provider => provider.GetRequiredService<ModelSnapshots>());
        services.AddSingleton<ModelImport>();
        services.AddSingleton<CopyFeed>();
        services.AddSingleton<ModelWriter>();
        services.AddSingleton<ReplicaSync>();
        services.AddHostedService<ReplicaService>();
        return services.AddHostedService<SnapshotKeeper>();
    }

    /// <summary>Keeps a copy of the model on this silo's disk, in a folder of its own.</summary>
    public static void AddModelCopy(this IServiceCollection services, string folder)
    {
        services.AddCopy(folder);
        services.AddHostedService<ModelCopyKeeper>();
    }

    /// <summary>
    /// Registers a replica that nobody keeps up to date, and the copy to fill it from: for a silo whose database is
    /// away. The host adds <see cref="Storage.SiloDatabase"/> and <see cref="TimeProvider"/>.
    /// </summary>
    public static void AddStoredModel(this IServiceCollection services, string folder)
    {
        services.AddReplica();
        services.AddCopy(folder);
    }

    private static void AddReplica(this IServiceCollection services)
    {
        services.AddSingleton<ModelJournal>();
        services.AddSingleton<IModelJournal>(provider => provider.GetRequiredService<ModelJournal>());
        services.AddSingleton<ModelReplica>();
        services.AddSingleton<IModelReplica>(provider => provider.GetRequiredService<ModelReplica>());
        services.AddSingleton<LatestIndex>();
    }

    private static void AddCopy(this IServiceCollection services, string folder) => services.AddSingleton(
        provider => new ModelCopy(folder, provider.GetRequiredService<ILogger<ModelCopy>>()));
}
