using System.Collections.Immutable;
using System.Globalization;
using Aedile.Silo.Storage;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: a silo leaves a database alone whose tables a newer program made, ours or the engine's.</summary>
public sealed class NewerSchemaTests(PrivatePostgres postgres) : IDisposable
{
    private const string OurTables = "INSERT INTO schema_migration VALUES (999, 'from_the_future', 'x', 'x')";
    private const string EnginesTables = "UPDATE AedileEngineSchema SET Version = 999";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new("newer");
    private readonly int _port = PortRange.Take(3);

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 180_000)]
    [InlineData(OurTables)]
    [InlineData(EnginesTables)]
    public async Task On_PostgreSQL_it_ends_with_2_and_a_sentence_and_changes_nothing(string change)
    {
        var connection = await postgres.NewDatabase();
        await File.WriteAllTextAsync(_folder["connection"], connection);
        await MustRefuse(
            SiloDatabase.OnPostgres(connection + ";Pooling=false"), change,
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
            "--database-file", _folder["connection"], "--silo-port", Text(_port + 1), "--gateway-port",
            Text(_port + 2));
    }

    [Theory(Timeout = 180_000)]
    [Trait("Engine", "Bundled")] // SQLite goes with that one only.
    [InlineData(OurTables)]
    [InlineData(EnginesTables)]
    public Task On_SQLite_it_ends_with_2_and_a_sentence_and_changes_nothing(string change) => MustRefuse(
        SiloDatabase.InFile(_folder["data", "silo.db"]), change,
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<ImmutableArray<string>> Rows(SiloDatabase database, string sql) =>
        await database.Query(sql, row => string.Join('|', Enumerable.Range(0, row.FieldCount)
            .Select(column => Convert.ToString(row[column], CultureInfo.InvariantCulture))));

    // Every row of every table, and which tables there are.
    private static async Task<string> Dump(SiloDatabase database, string tables)
    {
        var lines = new List<string>();
        foreach (var table in await Rows(database, tables))
        {
            lines.Add(table + ":");
            lines.AddRange((await Rows(database, $"SELECT * FROM {table}")).Order(StringComparer.Ordinal));
        }

        return string.Join('\n', lines);
    }

    private async Task MustRefuse(SiloDatabase database, string change, string tables, params string[] options)
    {
        var command = new Command("dotnet",
        [
            BuildOutput.Silo, "--data", _folder["data"], "--urls", $"http://127.0.0.1:{_port}", .. options,
        ])
        {
            Limit = StartLimit,
        };
        await StartAndStop(command);
        await Rows(database, change);
        var before = await Dump(database, tables);

        var refused = (await command.Run()).MustFail("999", "newer");
        Assert.Equal(2, refused.ExitCode);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await Dump(database, tables));
    }

    private async Task StartAndStop(Command command)
    {
        using var silo = command.Start();
        var output = silo.StandardOutput.ReadToEndAsync();
        var error = silo.StandardError.ReadToEndAsync();
        using var http = new HttpClient();
        await Eventually.True("it serves", StartLimit, async () =>
        {
            if (silo.HasExited) Assert.Fail(await output + await error);
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_port}/readyz"));
            return answer.IsSuccessStatusCode;
        });
        await Signals.Send("TERM", silo.Id);
        await silo.WaitForExitAsync().WaitAsync(StartLimit, TimeProvider.System);
        Assert.True(silo.ExitCode == 0, await output + await error);
    }
}
