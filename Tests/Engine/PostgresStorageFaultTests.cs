using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;

namespace Aedile.Tests.Engine;

/// <summary>Goal: what can go wrong with a real PostgreSQL ends as an error that says what is stored.</summary>
public sealed class PostgresStorageFaultTests(PrivatePostgres postgres) : IAsyncLifetime
{
    private const string Invariant = "Npgsql";

    private string _connectionString = "";

    /// <summary>A database of the test's own.</summary>
    public async ValueTask InitializeAsync() => _connectionString = await postgres.NewDatabase();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task State_survives_the_silo_and_silos_may_start_on_one_database_at_once()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Start()));
        await Write(hosts[0], "k", 5);
        Assert.Equal(5, (await Read(hosts[3], "k")).State.Number);
        foreach (var host in hosts) await host.DisposeAsync();
    }

    [Fact]
    public async Task A_missing_table_is_an_error_but_not_a_lost_write()
    {
        await using var host = await Start();
        var state = await Write(host, "k", 1);
        await Execute("DROP TABLE OrleansStorage");
        var error = await Assert.ThrowsAsync<OrleansException>(
            () => StorageOf(host).WriteStateAsync("thing", GrainId.Create("thing", "k"), state));
        Assert.Contains("nothing changed", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrleansException>(() => Read(host, "k"));
    }

    [Fact]
    public async Task A_write_that_the_database_refuses_fails_alone()
    {
        await using var host = await Start();
        await Execute(
            "ALTER TABLE OrleansStorage ADD CHECK (grainidextensionstring <> 'poison')");
        var writes = Enumerable.Range(0, 50).Select(i => Write(host, i == 20 ? "poison" : $"key-{i}", i)).ToList();
        await Assert.ThrowsAsync<OrleansException>(() => Task.WhenAll(writes));
        Assert.Equal(20, writes.FindIndex(write => write.IsFaulted));
        Assert.Equal(49, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.Equal(49, (await Read(host, "key-49")).State.Number);
    }

    [Fact]
    public async Task A_cut_connection_fails_its_write_as_unknown_and_the_next_write_connects_anew()
    {
        await using var host = await Start();
        await Write(host, "k", 0);
        var state = await Write(host, "k", 1);
        await Execute("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND datname = current_database()
            """);
        state.State = new Thing { Number = 2 };
        var error = await Assert.ThrowsAsync<OrleansException>(
            () => StorageOf(host).WriteStateAsync("thing", GrainId.Create("thing", "k"), state));
        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
        Assert.IsNotType<InconsistentStateException>(error);
        await Write(host, "k", 3);
        Assert.Equal(3, (await Read(host, "k")).State.Number);
    }

    [Fact]
    public async Task A_row_locked_by_somebody_else_ends_a_write_in_bounded_time()
    {
        await using var host = await Start();
        var state = await Write(host, "k", 1);
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE OrleansStorage", connection, transaction))
            await hold.ExecuteNonQueryAsync();
        var begin = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<OrleansException>(
            () => StorageOf(host).WriteStateAsync("thing", GrainId.Create("thing", "k"), state));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 5, 20);
        await transaction.RollbackAsync();
        await Write(host, "k", 2);
    }

    [Fact]
    public async Task A_database_that_a_network_hides_ends_a_write_in_bounded_time()
    {
        var real = new NpgsqlConnectionStringBuilder(_connectionString);
        var port = PortRange.Take(1);
        await using var network = new TcpProxy(port, real.Port, _ => "silo");
        _connectionString = new NpgsqlConnectionStringBuilder(_connectionString)
        {
            Port = port, CommandTimeout = 30, // As by default: what the engine limits itself must not depend on it.
        }.ToString();
        await using var host = await Start();
        await Read(host, "k"); // Leaves a connection that the write will take, as its first.
        network.Lose((_, _) => Loss.Swallow);
        var begin = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<OrleansException>(() => StorageOf(host).WriteStateAsync(
            "thing", GrainId.Create("thing", "k"), new GrainState<Thing> { State = new Thing() }));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("01", "1")]
    [InlineData("1f", "1F")]
    [InlineData("C0FFEE00C0FFEE00C0FFEE00C0FFEE00", "c0ffee00c0ffee00c0ffee00c0ffee00")]
    public async Task A_key_that_would_share_the_row_of_a_number_is_refused(string key, string other)
    {
        await using var host = await Start();
        await Write(host, other, 1);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Read(host, key));
        Assert.Contains($"'{other}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_has_the_columns_of_the_ado_net_providers()
    {
        await using var host = await Start();
        Assert.Equal(
            "grainidhash integer, grainidn0 bigint, grainidn1 bigint, graintypehash integer, "
            + "graintypestring character varying, grainidextensionstring character varying, "
            + "serviceid character varying, payloadbinary bytea, modifiedon timestamp without time zone, "
            + "version integer",
            await Execute("SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) "
                + "FROM information_schema.columns WHERE table_name = 'orleansstorage'"));
    }

    private void Configure(ISiloBuilder silo)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = _connectionString;
        });
    }

    private static IGrainStorage StorageOf(SiloHost host) =>
        host.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    private static async Task<GrainState<Thing>> Read(SiloHost host, string key)
    {
        var state = new GrainState<Thing>();
        await StorageOf(host).ReadStateAsync("thing", GrainId.Create("thing", key), state);
        return state;
    }

    private static async Task<GrainState<Thing>> Write(SiloHost host, string key, int number)
    {
        var state = await Read(host, key);
        state.State = new Thing { Number = number };
        await StorageOf(host).WriteStateAsync("thing", GrainId.Create("thing", key), state);
        return state;
    }

    private async Task<object?> Execute(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task<SiloHost> Start()
    {
        var host = SiloHost.Build(new SiloSeams { Parts = [] }, Configure);
        await host.Start(TestContext.Current.CancellationToken);
        return host;
    }
}
