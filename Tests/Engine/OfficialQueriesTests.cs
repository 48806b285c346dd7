using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;

namespace Aedile.Tests.Engine;

/// <summary>
/// Goal: the statements that we give to the official providers do what those expect, on the bundled engine's rows. The
/// providers themselves are tried with <c>./test --engine orleans</c> where they can be had.
/// </summary>
public sealed class OfficialQueriesTests(PrivatePostgres postgres) : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "Silo", "Engines", "Official", "Queries");
    private static readonly DateTime Start = new(2026, 11, 21, 18, 0, 0, DateTimeKind.Utc);

    private string _connectionString = "";
    private NpgsqlDataSource? _database;
    private SiloHost? _host;

    private IGrainStorage Storage => _host!.Services.GetRequiredKeyedService<IGrainStorage>("Default");

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.NewDatabase();
        _database = NpgsqlDataSource.Create(_connectionString);
        DbProviderFactories.RegisterFactory("Npgsql", NpgsqlFactory.Instance);
        _host = SiloHost.Build(new SiloSeams { Parts = [] }, silo => silo.AddAdoNetGrainStorageAsDefault(options =>
            (options.Invariant, options.ConnectionString) = ("Npgsql", _connectionString)));
        await _host.Start(TestContext.Current.CancellationToken);
        foreach (var part in (string[])["Membership/Sql/create_membership_version_table",
            "Membership/Sql/create_membership_table", "Reminders/Sql/create_reminders_table"])
        {
            await using var create = _database.CreateCommand(
                await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "Engine", part + ".postgres.sql")));
            await create.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("1F")]
    [InlineData("af79798ac38b538ec57ce8803058d15a")]
    public async Task A_state_goes_from_one_engine_to_the_other_and_back(string key)
    {
        var grain = GrainId.Create("thing", key);
        var state = new GrainState<Thing> { State = new Thing { Number = 1 } };
        await Storage.WriteStateAsync("thing", grain, state);
        Assert.Equal([1], await Ask("ReadFromStorageKey", [.. Row(grain)], column: 1));

        byte[] payload = [.. "{\"Number\":2}"u8];
        object?[] none = [];
        Assert.Equal(none, await Ask("WriteToStorageKey", Row(grain, null, payload))); // There is one already.
        Assert.Equal(none, await Ask("WriteToStorageKey", Row(grain, 7, payload)));
        Assert.Equal([2], await Ask("WriteToStorageKey", Row(grain, 1, payload)));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("thing", grain, state));
        await Storage.ReadStateAsync("thing", grain, state);
        Assert.Equal((2, "2"), (state.State.Number, state.ETag));

        Assert.Equal(none, await Ask("ClearStorageKey", Row(grain, 1)));
        Assert.Equal([3], await Ask("ClearStorageKey", Row(grain, 2)));
        await Storage.ReadStateAsync("thing", grain, state);
        Assert.False(state.RecordExists);
        Assert.Equal(none, await Ask("DeleteStorageKey", Row(grain, 2)));
        Assert.Equal([4], await Ask("DeleteStorageKey", Row(grain, 3)));
        Assert.Equal([1], await Ask("WriteToStorageKey", Row(grain, null, payload)));
    }

    [Fact]
    public async Task A_change_of_the_members_counts_the_view_and_fails_on_an_old_one()
    {
        var fleet = ("DeploymentId", (object?)"f");
        (string, object?)[] silo = [fleet, ("Address", "127.0.0.1"), ("Port", 11111), ("Generation", 1)];
        (string, object?)[] row =
        [
            .. silo, ("SiloName", "silo-1"), ("HostName", "here"), ("Status", 3), ("ProxyPort", 30000),
            ("StartTime", Start), ("IAmAliveTime", Start), ("SuspectTimes", DBNull.Value),
        ];
        Assert.Equal([1], await Ask("InsertMembershipVersionKey", [fleet]));
        Assert.Equal([0], await Ask("InsertMembershipVersionKey", [fleet]));
        Assert.Equal([0], await Ask("InsertMembershipKey", [.. row, ("Version", 1)]));
        Assert.Equal([1], await Ask("InsertMembershipKey", [.. row, ("Version", 0)]));
        Assert.Equal([0], await Ask("InsertMembershipKey", [.. row, ("Version", 1)])); // It is there.
        Assert.Equal([0], await Ask("UpdateMembershipKey", [.. row, ("Version", 0)]));
        Assert.Equal([1], await Ask("UpdateMembershipKey", [.. row, ("Version", 1)]));
        Assert.Equal([2], await Ask("MembershipReadAllKey", [fleet], column: 11));
        Assert.Equal([2], await Ask("MembershipReadRowKey", silo, column: 11));
        Assert.Equal([30000], await Ask("GatewaysQueryKey", [fleet, ("Status", 3)], column: 1));
        await Ask("UpdateIAmAlivetimeKey", [.. silo, ("IAmAliveTime", Start.AddMinutes(1))]);
        await Ask("CleanupDefunctSiloEntriesKey", [fleet, ("IAmAliveTime", Start.AddDays(1))]);
        Assert.Equal(["127.0.0.1"], await Ask("MembershipReadAllKey", [fleet], column: 1)); // It is active.
        await Ask("DeleteMembershipTableEntriesKey", [fleet]);
        Assert.Empty(await Ask("MembershipReadAllKey", [fleet]));
    }

    [Fact]
    public async Task Reminders_are_found_by_grain_and_by_range_of_hashes()
    {
        (string, object?)[] reminder =
        [
            ("ServiceId", "s"), ("GrainId", "thing/k"), ("ReminderName", "wake"), ("StartTime", Start),
            ("Period", 60_000), ("GrainHash", -5),
        ];
        Assert.Equal([0], await Ask("UpsertReminderRowKey", reminder));
        Assert.Equal([1], await Ask("UpsertReminderRowKey", reminder));
        Assert.Equal([60_000L], await Ask("ReadReminderRowsKey", reminder, column: 3));
        Assert.Single(await Ask("ReadReminderRowKey", reminder));
        Assert.Single(await Ask("ReadRangeRows1Key", [.. reminder, ("BeginHash", -6), ("EndHash", -5)]));
        Assert.Empty(await Ask("ReadRangeRows1Key", [.. reminder, ("BeginHash", -5), ("EndHash", 5)]));
        Assert.Single(await Ask("ReadRangeRows2Key", [.. reminder, ("BeginHash", 9), ("EndHash", -5)]));
        Assert.Equal([0], await Ask("DeleteReminderRowKey", [.. reminder, ("Version", 0)]));
        Assert.Equal([1], await Ask("DeleteReminderRowKey", [.. reminder, ("Version", 1)]));
        await Ask("DeleteReminderRowsKey", reminder);
    }

    private static (string, object?)[] Row(GrainId grain, int? version = null, byte[]? payload = null)
    {
        var row = new Aedile.Engine.Storage.PostgresDialect().RowOf("default", "thing", grain);
        return
        [
            ("GrainIdHash", (int)row.Key.Hash), ("GrainIdN0", row.Key.N0), ("GrainIdN1", row.Key.N1),
            ("GrainTypeHash", (int)row.StateHash), ("GrainTypeString", "thing"), ("ServiceId", "default"),
            ("GrainIdExtensionString", row.Key.Text.Length == 0 ? null : row.Key.Text),
            ("GrainStateVersion", version), ("PayloadBinary", payload),
        ];
    }

    // As the providers bind: every parameter has its type, with and without a value.
    private async Task<object?[]> Ask(string key, (string Name, object? Value)[] parameters, int column = 0)
    {
        var sql = await File.ReadAllTextAsync(Path.Combine(Folder, key + ".sql"));
        await using var command = _database!.CreateCommand(sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = new NpgsqlParameter { ParameterName = name, Value = value ?? DBNull.Value };
            parameter.DbType = name switch
            {
                "GrainStateVersion" => System.Data.DbType.Int32,
                "PayloadBinary" => System.Data.DbType.Binary,
                "GrainIdExtensionString" or "SuspectTimes" => System.Data.DbType.String,
                _ => parameter.DbType,
            };
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<object?>();
        while (await reader.ReadAsync()) values.Add(reader.GetValue(column));
        return [.. values];
    }
}
