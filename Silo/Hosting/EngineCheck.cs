using Aedile.Silo.Engines;

namespace Aedile.Silo.Hosting;

/// <summary>Whether the engine that this program was built with can work with a database.</summary>
internal static class EngineCheck
{
    /// <summary>Checks that it works on one machine without a PostgreSQL.</summary>
    /// <exception cref="StartupException">It doesn't: there is no official provider for SQLite.</exception>
    public static void RequireSqlite()
    {
        if (!HostedEngine.NeedsPostgres) return;
        throw new StartupException(
            $"This program was built with the {HostedEngine.Name}, which can't keep its membership in SQLite. "
            + "Start a fleet on PostgreSQL with ./run fleet, or build it without -p:Engine=Orleans.");
    }
}
