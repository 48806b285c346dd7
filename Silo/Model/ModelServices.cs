using Aedile.Grains.Model;
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
        services.AddSingleton<ModelJournal>();
        services.AddSingleton<IModelJournal>(provider => provider.GetRequiredService<ModelJournal>());
        services.AddSingleton<IModelSnapshots, ModelSnapshots>();
        services.AddSingleton<ModelReplica>();
        services.AddSingleton<IModelReplica>(provider => provider.GetRequiredService<ModelReplica>());
        services.AddSingleton<LatestIndex>();
        services.AddSingleton<ModelWriter>();
        services.AddSingleton<ReplicaSync>();
        services.AddHostedService<ReplicaService>();
        return services.AddHostedService<SnapshotKeeper>();
    }
}
