using System.Reflection;
using Aedile.Silo.Engines.Official;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Orleans.Configuration;

namespace Aedile.Silo.Engines;

/// <summary>
/// What hosting needs to know of the engine that this program was built with: here, the official packages.
/// </summary>
internal static class HostedEngine
{
    /// <summary>For people.</summary>
    public static string Name { get; } = $"official Orleans {Version()}";

    /// <summary>Whether it works with PostgreSQL only.</summary>
    public static bool NeedsPostgres => true;

    /// <summary>Makes the database ready for the engine, before a silo starts. Idempotent.</summary>
    /// <exception cref="StartupException">The database refuses.</exception>
    public static Task Prepare(SiloDatabase database, CancellationToken cancellation) =>
        new OrleansSchema(database).Create(cancellation);

    /// <summary>Its own settings for a fleet, so that it does what the bundled engine does by default.</summary>
    public static void Tune(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // By default a killed silo keeps its grains for 7 s, and one that hangs for a minute.
            membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            // It follows the measured times of answers; below this, a busy machine would look like a dead one.
            membership.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.NumMissedProbesLimit = 2;
            membership.EnableConnectionLivenessCheck = false;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            // A silo that can't reach the others, because they run on another engine perhaps, ends and says so.
            membership.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
        });
        // A coordinator that is asked now and then should be there.
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromHours(2));
    }

    // The assembly's own version stays that of its first minor release.
    private static string Version() =>
        (typeof(Grain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "")
            .Split('+', ' ')[0].TrimEnd('.');
}
