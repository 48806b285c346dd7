using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Orleans.Configuration;

namespace Aedile.Silo.Engines;

/// <summary>What hosting needs to know of the engine that this program was built with: here, the bundled one.</summary>
internal static class HostedEngine
{
    /// <summary>For people.</summary>
    public const string Name = "bundled engine";

    /// <summary>Most silos that one fleet may have.</summary>
    public const int SilosMax = 1;

    /// <summary>Whether it works with PostgreSQL only.</summary>
    public static bool NeedsPostgres => false;

    /// <summary>Makes the database ready for the engine, before a silo starts. This one does so itself.</summary>
    public static Task Prepare(SiloDatabase database, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>How silos find each other.</summary>
    public static void UseClustering(ISiloBuilder silo, SiloDatabase database, SiloArguments arguments)
    {
        silo.UseLocalhostClustering();
        if (!database.IsShared) return;
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("aedile", "aedile"));
    }
}
