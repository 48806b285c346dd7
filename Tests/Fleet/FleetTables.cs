using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>The fleet's tables in one database, for the suites that every implementation of them passes.</summary>
/// <param name="sessions">The sessions, as one silo has them.</param>
/// <param name="otherSilo">The same, as another silo has them.</param>
/// <param name="statuses">What nodes say of themselves.</param>
/// <param name="folder">Where the database is; null when nowhere.</param>
internal sealed class FleetTables(
    ISessionTable sessions, ISessionTable otherSilo, IStatusTable statuses, TestFolder? folder) : IDisposable
{
    public ISessionTable Sessions => sessions;

    public ISessionTable OtherSilo => otherSilo;

    public IStatusTable Statuses => statuses;

    /// <summary>Those that tests use.</summary>
    public static Task<FleetTables> InMemory(TimeProvider clock)
    {
        var sessions = new MemorySessionTable(clock);
        return Task.FromResult(new FleetTables(sessions, sessions, new MemoryStatusTable(sessions), null));
    }

    /// <summary>Those in SQLite.</summary>
    public static Task<FleetTables> InFile(TimeProvider clock)
    {
        var folder = new TestFolder("tables");
        return In(SiloDatabase.InFile(folder["silo.db"]), clock, folder);
    }

    /// <summary>Those in PostgreSQL.</summary>
    public static async Task<FleetTables> OnPostgres(PrivatePostgres postgres, TimeProvider clock) =>
        await In(SiloDatabase.OnPostgres(await postgres.NewDatabase()), clock, null);

    public void Dispose() => folder?.Dispose();

    private static async Task<FleetTables> In(SiloDatabase database, TimeProvider clock, TestFolder? folder)
    {
        await new SchemaMigrations(database, clock).Apply(CancellationToken.None);
        return new FleetTables(
            new SessionTable(database, clock), new SessionTable(database, clock), new StatusTable(database), folder);
    }
}
