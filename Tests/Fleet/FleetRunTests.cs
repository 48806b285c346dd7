using System.Globalization;
using System.Net.Sockets;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: <c>./run fleet</c> keeps the word of <c>./run</c>, with a PostgreSQL that nobody has to look
/// after.</summary>
public sealed class FleetRunTests(OneSiloOnPostgres fleet) : IClassFixture<OneSiloOnPostgres>
{
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task<CommandResult> Run(params string[] options) =>
        new Command("bash",
        [
            Path.Combine(SourceTree.Root, "run"), "fleet", "--no-build", .. EmbeddedFleet.EngineOptions, .. options,
        ])
        {
            Folder = SourceTree.Root, Limit = TimeSpan.FromSeconds(60),
        }.Run();

    [Fact(Timeout = 60_000)]
    public void It_lists_its_database_and_is_ready_last()
    {
        var lines = fleet.Console.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains($"ready http://127.0.0.1:{fleet.Port}", lines);
        var database = fleet.Find("postgres");
        Assert.Equal("database", database.Role);
        Assert.True(Signals.IsAlive(database.Pid));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_command_line_holds_the_databases_password()
    {
        var password = (await File.ReadAllTextAsync(Path.Combine(fleet.Data, "database.password"))).Trim();
        foreach (var process in fleet.Processes())
        {
            Assert.DoesNotContain(
                password, await File.ReadAllTextAsync($"/proc/{process.Pid}/cmdline"), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_killed_database_comes_back_by_itself_with_everything_in_it()
    {
        var (repository, work) = await fleet.NewRepository("survives/database");
        using var _ = work;
        await fleet.Signal("postgres", "KILL");
        await Eventually.True("the silo is ready again", TimeSpan.FromSeconds(60), async () =>
            await fleet.Api.Status(HttpMethod.Get, "/readyz") is System.Net.HttpStatusCode.OK);
        // It hosts grains again once it has reached its membership.
        await Eventually.True("the repository answers", TimeSpan.FromSeconds(60), async () =>
            await fleet.Api.Status(HttpMethod.Get, $"/v1/repositories/{repository.Id}")
                is System.Net.HttpStatusCode.OK);
        await work.Commit("after the database came back");
        await Eventually.True("a push is taken", TimeSpan.FromSeconds(60), async () =>
            (await work.Git("push", work.Url, "main")).ExitCode == 0);
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }

    [Fact(Timeout = 180_000)]
    public async Task All_state_is_there_after_a_stop_and_after_kill_9_of_everything()
    {
        await using var other = await EmbeddedFleet.Start(2, silos: 1);
        var (repository, work) = await other.NewRepository("kept/state");
        using var _ = work;
        await other.Stop("INT", group: true);
        Assert.Empty(other.Leaks());
        await other.Run();
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);

        await other.RestartAll();
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
        Assert.Equal(repository.Path, (await other.Api.Get(repository.Id)).Path);

        await other.KillSupervisor();
        await Eventually.True("nothing runs on", TimeSpan.FromSeconds(15), () => Task.FromResult(other.Leaks() is []));
    }

    [Fact(Timeout = 180_000)]
    public async Task Each_of_three_silos_takes_pushes_and_after_kill_9_of_everything_they_are_all_there()
    {
        await using var other = await EmbeddedFleet.Start(2, silos: 3);
        Assert.Equal(3, other.Processes().Count(process => process.Role == "silo"));
        var (_, work) = await other.NewRepository("by/any");
        using var _ = work;
        for (var silo = 1; silo <= 3; silo++)
        {
            await work.Commit($"through silo {silo}");
            await work.Ok("push", "-q", other.GitUrl("by/any", silo), $"main:main-{silo}");
        }

        var before = await work.RemoteRefs();
        Assert.Equal(4, before.Count(reference => reference.Key.StartsWith("refs/heads/", StringComparison.Ordinal)));
        await other.RestartAll();
        Assert.Equal(before, await work.RemoteRefs());
        await work.Commit("after");
        await work.Ok("push", "-q", other.GitUrl("by/any", silo: 3), "main:after");
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/after"]);
        await other.Stop();
        Assert.Empty(other.Leaks());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_database_of_a_newer_program_is_refused_in_a_sentence()
    {
        await using var other = await EmbeddedFleet.Start(1, silos: 1);
        var connection = await File.ReadAllTextAsync(Path.Combine(other.Data, "database.connection"));
        await using (var database = NpgsqlDataSource.Create(connection + ";Pooling=false"))
        {
            await using var change = database.CreateCommand(
                "INSERT INTO schema_migration VALUES (999, 'from_the_future', 'x', 'x')");
            await change.ExecuteNonQueryAsync();
        }

        await other.Stop();
        var run = await Run("--data", other.Data, "--port", Text(other.Port), "--silos", "1", "--agents", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("999", run.Text, StringComparison.Ordinal);
        Assert.True(run.Text.Split('\n').Length < 15, "A sentence, not a stack trace:\n" + run.Text);
        Assert.Empty(other.Leaks());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_databases_port_in_use_is_named()
    {
        using var folder = new TestFolder("port");
        var port = PortRange.Take(8);
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, port + 4);
        taken.Start();
        var run = await Run("--data", folder["data"], "--port", Text(port), "--silos", "1", "--agents", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"Port {port + 4}, wanted for PostgreSQL", run.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--silos", "0")]
    [InlineData("--silos", "x")]
    [InlineData("--silos", "1000")]
    [InlineData("--engine", "diesel")]
    [InlineData("--engine")]
    [InlineData("--port", "65533")]
    public async Task Options_that_make_no_sense_are_refused(params string[] options)
    {
        using var folder = new TestFolder("options");
        var run = await Run(["--data", folder["data"], .. options]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(options[0], run.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("postgres/", "fleet")]
    [InlineData("silo.db", "single silo")]
    public async Task A_folder_of_the_other_kind_is_refused(string mark, string words)
    {
        using var folder = new TestFolder("kind");
        if (mark.EndsWith('/')) Directory.CreateDirectory(folder[mark]);
        else await File.WriteAllTextAsync(folder[mark], "");
        string[] kind = mark is "silo.db" ? ["fleet", .. EmbeddedFleet.EngineOptions] : [];
        var run = await new Command("bash",
        [
            Path.Combine(SourceTree.Root, "run"), .. kind, "--no-build", "--data", folder.Path, "--port",
            Text(PortRange.Take(12)),
        ])
        {
            Folder = SourceTree.Root, Limit = TimeSpan.FromSeconds(60),
        }.Run();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Text, StringComparison.Ordinal);
    }
}
