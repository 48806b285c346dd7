using System.Data.Common;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>The suite on a real PostgreSQL, and that its rows are those of the official provider.</summary>
public sealed class PostgresReminderStoreTests(PrivatePostgres postgres) : ReminderStoreSuite, IAsyncLifetime
{
    // Of this database only: other tests use the same PostgreSQL.
    private const string CutOthers = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()
        """;

    private const string Invariant = "Npgsql";

    private string _connectionString = "";

    /// <summary>A database of the test's own.</summary>
    public async ValueTask InitializeAsync() => _connectionString = await postgres.NewDatabase();

    [Fact]
    public async Task A_row_has_the_columns_and_values_of_the_official_provider()
    {
        await (await Store()).Put(Of("wake"));
        Assert.Equal(
            "default|alarm/a1|wake|2030-01-02 03:04:05.678|61001|381808852|0",
            await Scalar(
                "SELECT concat_ws('|', serviceid, grainid, remindername, starttime AT TIME ZONE 'utc', period, "
                + "grainhash, version) FROM orleansreminderstable"));
        Assert.Equal(
            "serviceid character varying, grainid character varying, remindername character varying, "
            + "starttime timestamp with time zone, period bigint, grainhash integer, version integer",
            await Scalar(
                "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) "
                + "FROM information_schema.columns WHERE table_name = 'orleansreminderstable'"));
    }

    [Fact]
    public async Task A_connection_that_the_database_cut_is_no_error()
    {
        var store = await Store();
        var put = await store.Put(Of("wake"));
        await Scalar(CutOthers);
        Assert.Equal([put], await store.ReadGrain(put.Id.Grain));
        await Scalar(CutOthers);
        Assert.True(await store.TryRemove(put.Id, put.Version));
    }

    protected override void Configure(ISiloBuilder silo)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = _connectionString;
        });
    }

    private async Task<object?> Scalar(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
