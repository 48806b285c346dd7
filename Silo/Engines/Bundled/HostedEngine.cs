using Aedile.Silo.Hosting;
using Aedile.Silo.Storage;
using Orleans.Connections.Security;

namespace Aedile.Silo.Engines;

/// <summary>What hosting needs to know of the engine that this program was built with: here, the bundled one.</summary>
internal static class HostedEngine
{
    /// <summary>For people.</summary>
    public const string Name = "bundled engine";

    /// <summary>Whether it works with PostgreSQL only.</summary>
    public static bool NeedsPostgres => false;

    /// <summary>Makes the database ready for the engine, before a silo starts. This one does so itself.</summary>
    public static Task Prepare(SiloDatabase database, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Why its connections can't be encrypted; null when they can.</summary>
    public static string? WhyNoTls => null;

    /// <summary>Encrypts its connections; both ends prove to be silos of this fleet.</summary>
    public static void UseTls(ISiloBuilder silo, SiloLinks links) => silo.UseTls(links.Nobody, options =>
    {
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (shown, _, _) => links.IsSilo(shown);
        // The engine looks at each connection: a renewed certificate counts from the next one.
        links.Show = certificate => options.LocalCertificate = certificate;
    });

    /// <summary>Its own settings for a fleet. This one's defaults are right.</summary>
    public static void Tune(ISiloBuilder silo)
    {
    }
}
