using Aedile.Silo.Storage;

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

    /// <summary>Its own settings for a fleet. This one's defaults are right.</summary>
    public static void Tune(ISiloBuilder silo)
    {
    }
}
