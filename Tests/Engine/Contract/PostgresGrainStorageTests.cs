using System.Data.Common;
using Aedile.Silo.Engines;
using Aedile.Silo.Storage;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Engine;

/// <summary>The storage suite on a real PostgreSQL.</summary>
public sealed class PostgresGrainStorageTests(PrivatePostgres postgres) : GrainStorageSuite, IAsyncLifetime
{
    private const string Invariant = "Npgsql";

    private string _connectionString = "";

    /// <summary>A database of the test's own.</summary>
    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.NewDatabase();
        await HostedEngine.Prepare(SiloDatabase.OnPostgres(_connectionString), CancellationToken.None);
    }

    protected override void Configure(ISiloBuilder silo)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = _connectionString;
        });
    }
}
