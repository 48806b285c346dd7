using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Aedile.Tests.Engine;

/// <summary>The storage suite on a real file, and what only a database can do.</summary>
public sealed class SqliteGrainStorageTests : GrainStorageSuite
{
    private const string Invariant = "Microsoft.Data.Sqlite";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aedile-state-");

    private string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "state.db")}";

    [Fact]
    public async Task State_survives_the_silo_and_a_second_silo_may_start_on_the_same_file()
    {
        await using var first = await Start();
        await Write(first, 5);
        await using var second = await Start();
        var state = new GrainState<Thing>();
        await StorageOf(second).ReadStateAsync("thing", GrainId.Create("thing", "k"), state);
        Assert.Equal(5, state.State.Number);
    }

    [Fact]
    public async Task A_database_that_can_not_be_written_is_an_error_but_not_a_lost_write()
    {
        await using var host = await Start();
        var state = await Write(host, 1);
        await using (var connection = new SqliteConnection(ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE OrleansStorage";
            await command.ExecuteNonQueryAsync();
        }

        var error = await Assert.ThrowsAsync<OrleansException>(
            () => StorageOf(host).WriteStateAsync("thing", GrainId.Create("thing", "k"), state));
        Assert.Contains("nothing changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_read_as_one_number_are_different()
    {
        await using var host = await Start();
        await Write(host, 1, "1f");
        await Write(host, 2, "1F");
        var state = new GrainState<Thing>();
        await StorageOf(host).ReadStateAsync("thing", GrainId.Create("thing", "1f"), state);
        Assert.Equal(1, state.State.Number);
    }

    [Fact]
    public async Task The_table_has_the_columns_of_the_ado_net_providers()
    {
        await using var host = await Start();
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name, ' ') FROM pragma_table_info('OrleansStorage')";
        Assert.Equal(
            "grainidhash grainidn0 grainidn1 graintypehash graintypestring grainidextensionstring serviceid "
            + "payloadbinary modifiedon version",
            await command.ExecuteScalarAsync());
    }

    protected override void Configure(ISiloBuilder silo)
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = ConnectionString;
        });
    }

    protected override ValueTask Clean()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static IGrainStorage StorageOf(SiloHost host) =>
        host.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    private static async Task<GrainState<Thing>> Write(SiloHost host, int number, string key = "k")
    {
        var state = new GrainState<Thing>();
        await StorageOf(host).ReadStateAsync("thing", GrainId.Create("thing", key), state);
        state.State = new Thing { Number = number };
        await StorageOf(host).WriteStateAsync("thing", GrainId.Create("thing", key), state);
        return state;
    }

    private async Task<SiloHost> Start()
    {
        var host = SiloHost.Build(new SiloSeams { Parts = [] }, Configure);
        await host.Start(TestContext.Current.CancellationToken);
        return host;
    }
}
