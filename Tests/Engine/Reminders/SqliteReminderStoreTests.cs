using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>The suite on a real file, and that its rows are those of the official provider.</summary>
public sealed class SqliteReminderStoreTests : ReminderStoreSuite
{
    private const string Invariant = "Microsoft.Data.Sqlite";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aedile-reminders-");

    private string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "reminders.db")}";

    [Fact]
    public async Task A_row_has_the_columns_and_values_of_the_official_provider()
    {
        await (await Store()).Put(Of("wake"));
        Assert.Equal(
            "default|alarm/a1|wake|2030-01-02 03:04:05.678|61001|381808852|0",
            await Scalar(
                "SELECT ServiceId || '|' || GrainId || '|' || ReminderName || '|' || StartTime "
                + "|| '|' || Period || '|' || GrainHash || '|' || Version "
                + "FROM OrleansRemindersTable"));
    }

    [Fact]
    public async Task Reminders_of_another_service_are_not_seen()
    {
        var store = await Store();
        await store.Put(Of("wake"));
        await Scalar("UPDATE OrleansRemindersTable SET ServiceId = 'another'");
        Assert.Empty(await store.ReadAll(_ => true, default));
    }

    [Fact]
    public async Task Rows_that_make_no_sense_are_left_out()
    {
        var store = await Store();
        await store.Put(Of("good"));
        await store.Put(Of("no-period"));
        await store.Put(Of("no-grain"));
        await Scalar(
            "UPDATE OrleansRemindersTable SET Period = 0 WHERE ReminderName = 'no-period';"
            + "UPDATE OrleansRemindersTable SET GrainId = 'nonsense' WHERE ReminderName = 'no-grain'");
        Assert.Equal(["good"], (await store.ReadAll(_ => true, default)).Select(reminder => reminder.Id.Name));
    }

    [Fact]
    public async Task A_database_that_fails_is_an_error_that_says_so()
    {
        var store = await Store();
        await Scalar("DROP TABLE OrleansRemindersTable");
        var error = await Assert.ThrowsAsync<OrleansException>(() => store.Put(Of("wake")));
        Assert.Contains("database failed with reminder wake of alarm/a1", error.Message, StringComparison.Ordinal);
    }

    protected override void Configure(ISiloBuilder silo)
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        silo.UseAdoNetReminderService(options =>
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

    private async Task<object?> Scalar(string sql)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
