using System.Net;
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
    public const int SilosMax = 9;

    /// <summary>Whether it works with PostgreSQL only.</summary>
    public static bool NeedsPostgres => false;

    /// <summary>Makes the database ready for the engine, before a silo starts. This one does so itself.</summary>
    public static Task Prepare(SiloDatabase database, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>How silos find each other.</summary>
    public static void UseClustering(ISiloBuilder silo, SiloDatabase database, SiloArguments arguments)
    {
        if (!database.IsShared)
        {
            silo.UseLocalhostClustering();
            return;
        }

        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("aedile", "aedile"));
        silo.Configure<SiloOptions>(options => options.SiloName = arguments.Name);
        silo.ConfigureEndpoints(IPAddress.Loopback, arguments.SiloPort, arguments.GatewayPort);
        silo.UseAdoNetClustering(options =>
            (options.Invariant, options.ConnectionString) = (database.Invariant, database.ConnectionString));
    }
}
