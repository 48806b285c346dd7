using System.Reflection;
using Aedile.Silo.Engines.Official;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Orleans.Configuration;
using Orleans.Serialization;

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

    /// <summary>Why its connections can't be encrypted; null when they can.</summary>
    public static string? WhyNoTls =>
        $"This program was built with the {Name} without Microsoft.Orleans.Connections.Security, so silos can't "
        + "encrypt what they say to each other. Build it without -p:Engine=Orleans (./run fleet --engine bundled), or, "
        + "where silos meet on the loopback device alone, add --silo-tls off.";

    /// <summary>Encrypts its connections: it can't.</summary>
    /// <exception cref="StartupException">Always.</exception>
    public static void UseTls(ISiloBuilder silo, SiloLinks links) => throw new StartupException(WhyNoTls!);

    /// <summary>Its own settings for a fleet, so that it does what the bundled engine does by default.</summary>
    public static void Tune(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // By default a killed silo keeps its grains for 7 s, and one that hangs for a minute. The limit follows the
            // measured times of answers; below the least, a busy machine would look like a dead one. The first ones may
            // take longer: a silo that starts has its code compiled.
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 2;
            membership.EnableConnectionLivenessCheck = false;
            // One that is left alone asks the lost ones about each other, in vain, and lacks a vote, until it sees in
            // the table that they have been silent for so long: then its own vote is enough.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedTableIAmAliveLimit = 5;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            // A silo that can't reach the others, because they run on another engine perhaps, ends and says so.
            membership.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
        });
        // A coordinator that is asked now and then should be there.
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromHours(2));
        // By default, errors of few namespaces cross: a caller in another silo would hear that PostgreSQL's have no
        // serializer, which looks like a bug of ours, not like a database that is away. Readers make exceptions only.
        silo.Configure<ExceptionSerializationOptions>(errors => errors.SupportedExceptionTypeFilter = _ => true);
    }

    // The assembly's own version stays that of its first minor release.
    private static string Version() =>
        (typeof(Grain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "")
            .Split('+', ' ')[0].TrimEnd('.');
}
