using System.Net;
using System.Reflection;
using Aedile.Silo.Engines.Official;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Orleans.Configuration;

namespace Aedile.Silo.Engines;

/// <summary>What hosting needs to know of the engine that this program was built with: here, the official one.</summary>
internal static class HostedEngine
{
    /// <summary>Most silos that one fleet may have.</summary>
    public const int SilosMax = 32;

    /// <summary>For people.</summary>
    public static string Name { get; } = $"official Orleans {Version()}";

    /// <summary>Whether it works with PostgreSQL only.</summary>
    public static bool NeedsPostgres => true;

    /// <summary>Makes the database ready for the engine, before a silo starts. Idempotent.</summary>
    /// <exception cref="StartupException">The database refuses.</exception>
    public static Task Prepare(SiloDatabase database, CancellationToken cancellation) =>
        new OrleansSchema(database).Create(cancellation);

    /// <summary>How silos find each other.</summary>
    public static void UseClustering(ISiloBuilder silo, SiloDatabase database, SiloArguments arguments)
    {
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = database.Invariant;
            clustering.ConnectionString = database.ConnectionString;
        });
        silo.ConfigureEndpoints(IPAddress.Loopback, arguments.SiloPort, arguments.GatewayPort);
        silo.Configure<SiloOptions>(options => options.SiloName = arguments.Name);
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("aedile", "aedile"));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // By default a killed silo keeps its grains for 7 s, and one that hangs for a minute.
            membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.NumMissedProbesLimit = 2;
            membership.EnableConnectionLivenessCheck = false;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        // As the bundled engine: a coordinator that is asked now and then should be there.
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromHours(2));
    }

    // The assembly's own version stays that of its first minor release.
    private static string Version() => typeof(Grain).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
