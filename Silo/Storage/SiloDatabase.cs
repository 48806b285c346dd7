using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Storage;

/// <summary>
/// The silo's SQLite database. Its calls block: SQLite has no asynchronous I/O, and the longest of them, a commit, is
/// one flush of the disk.
/// </summary>
internal sealed class SiloDatabase(string file)
{
    /// <summary>Name under which ADO.NET finds the provider; the engine's grain storage asks for it.</summary>
    public const string Invariant = "Microsoft.Data.Sqlite";

    private static readonly string Configure = Statement.Read("configure_connection");

    /// <summary>For everyone who opens connections of their own.</summary>
    public string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true, DefaultTimeout = 5,
    }.ToString();

    /// <summary>Makes the provider known to the process. Idempotent.</summary>
    public static void RegisterProvider()
    {
        SQLitePCL.Batteries_V2.Init();
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
    }

    /// <summary>Opens a connection; dispose it soon. Cost: microseconds, they are pooled.</summary>
    /// <exception cref="SqliteException">The database can't be opened now.</exception>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.Prepare(Configure);
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
