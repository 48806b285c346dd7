using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Aedile.Silo.Storage;

/// <summary>
/// The silo's database: a SQLite file, or the PostgreSQL that a fleet shares. Its statements are the same files for
/// both, but where their SQL differs.
/// </summary>
internal sealed class SiloDatabase
{
    private const int ConnectSeconds = 5, CommandSeconds = 10;

    private readonly DbProviderFactory _provider;
    private readonly string? _configure;

    private SiloDatabase(string dialect, string invariant, DbProviderFactory provider, string connectionString)
    {
        Dialect = dialect;
        Invariant = invariant;
        ConnectionString = connectionString;
        _provider = provider;
        _configure = Statement.Find("configure_connection", dialect);
        DbProviderFactories.RegisterFactory(invariant, provider);
    }

    /// <summary>Part of the names of SQL files that are for this database only.</summary>
    public string Dialect { get; }

    /// <summary>Name under which ADO.NET finds the provider; the engine asks for it.</summary>
    public string Invariant { get; }

    /// <summary>For everyone who opens connections of their own. It may hold a password: never log it.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether other silos write to it too.</summary>
    public bool IsShared => Dialect == "postgres";

    /// <summary>
    /// A file of this silo's own. Its calls block: SQLite has no asynchronous I/O, and the longest of them, a commit,
    /// is one flush of the disk.
    /// </summary>
    public static SiloDatabase InFile(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true, DefaultTimeout = 5,
        };
        return new SiloDatabase("sqlite", "Microsoft.Data.Sqlite", SqliteFactory.Instance, connection.ToString());
    }

    /// <summary>A PostgreSQL.</summary>
    /// <param name="connectionString">
    /// As Npgsql takes it. Unless it says otherwise, <c>Timeout</c> is 5 s, <c>Command Timeout</c> 10 s and
    /// <c>GSS Encryption Mode</c> <c>Disable</c>; <c>Cancellation Timeout</c> is always -1.
    /// </param>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public static SiloDatabase OnPostgres(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The server answers a cancelled wait for a standby with success: nobody may hear that. So a command that
            // takes too long breaks its connection instead.
            CancellationTimeout = -1,
        };

        // A command that takes too long then keeps a thread for as long as connecting may take, and twice as long
        // where encryption by Kerberos is tried first, as Npgsql does by itself (docs/adr/0014).
        if (!connection.ShouldSerialize("Timeout")) connection.Timeout = ConnectSeconds;
        if (!connection.ShouldSerialize("Command Timeout")) connection.CommandTimeout = CommandSeconds;
        if (!connection.ShouldSerialize("GSS Encryption Mode"))
            connection.GssEncryptionMode = GssEncryptionMode.Disable;
        return new SiloDatabase("postgres", "Npgsql", NpgsqlFactory.Instance, connection.ToString());
    }

    /// <summary>Text of a statement, as in <c>Repositories/get_repository</c>.</summary>
    public string Sql(string name) => Statement.Read(name, Dialect);

    /// <summary>Opens a connection; dispose it soon. Cost: microseconds, they are pooled.</summary>
    /// <exception cref="DbException">The database can't be reached now.</exception>
    public async Task<DbConnection> Open(CancellationToken cancellation = default)
    {
        var connection = _provider.CreateConnection()!;
        try
        {
            connection.ConnectionString = ConnectionString;
            await connection.OpenAsync(cancellation);
            if (_configure is not null) await connection.Execute(_configure, cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>All rows of a query.</summary>
    public async Task<ImmutableArray<T>> Query<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        await using var connection = await Open();
        await using var command = connection.Prepare(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows.ToImmutable();
    }
}
