using System.Globalization;
using System.Net.Sockets;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: <c>./run</c> keeps its word to a newcomer: what it prints, refuses, starts and stops.</summary>
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class RunTests(OneAgentFleet fleet) : IClassFixture<OneAgentFleet>
{
    private static Task<CommandResult> Run(params string[] options) =>
        new Command("bash", [Path.Combine(SourceTree.Root, "run"), "--no-build", .. options])
        {
            Folder = SourceTree.Root, Limit = TimeSpan.FromSeconds(30),
        }.Run();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [Fact(Timeout = 60_000)]
    public void It_prints_what_a_first_push_needs_and_is_ready_last()
    {
        var lines = fleet.Console.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains($"ready http://127.0.0.1:{fleet.Port}", lines);
        Assert.Contains(lines, l => l.Contains("admin.token", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("/v1/repositories", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("git push", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public void The_list_of_processes_names_those_that_run()
    {
        var processes = fleet.Processes();
        Assert.Contains(processes, p => p.Role == "silo");
        Assert.Single(fleet.Agents());
        Assert.All(processes, p => Assert.True(Signals.IsAlive(p.Pid), $"{p.Name} does not run."));
        Assert.All(fleet.Agents(), a => Assert.StartsWith("http://", a.Address, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_start_on_the_same_data_is_refused()
    {
        var second = await Run("--data", fleet.Data, "--port", Text(PortRange.Take(8)), "--agents", "1");
        Assert.Equal(2, second.ExitCode);
        Assert.Contains(fleet.Data, second.Text, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.OK, await fleet.Api.Status(HttpMethod.Get, "/v1/repositories"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_port_in_use_is_named()
    {
        using var folder = new TestFolder("port");
        var port = PortRange.Take(8);
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, port);
        taken.Start();
        var run = await Run("--data", folder["data"], "--port", Text(port), "--agents", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(Text(port), run.Text, StringComparison.Ordinal);
        Assert.True(run.Text.Split('\n').Length < 15, "A sentence, not a stack trace:\n" + run.Text);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--surprise")]
    [InlineData("--port", "x")]
    [InlineData("--port", "70000")]
    [InlineData("--agents", "0")]
    [InlineData("--agents", "-1")]
    [InlineData("--data")]
    public async Task Options_that_make_no_sense_are_refused(params string[] options)
    {
        using var folder = new TestFolder("options");
        string[] data = options.Contains("--data") ? [] : ["--data", folder["data"]];
        var run = await Run([.. data, .. options]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(options[0], run.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Help_lists_the_options()
    {
        var help = (await Run("--help")).MustSucceed();
        foreach (var option in (string[])["--data", "--port", "--agents", "--no-build", "8480"])
            Assert.Contains(option, help.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("dotnet", ".NET 10 SDK is missing")]
    [InlineData("git", "git 2.39 or newer is missing")]
    public async Task A_missing_tool_that_cannot_be_installed_is_named(string missing, string words)
    {
        // A machine with nothing but these, and no apt-get.
        using var folder = new TestFolder("tools");
        foreach (var tool in (string[])["dirname", "cat", "head", "dotnet", "git"])
            if (tool != missing)
                File.CreateSymbolicLink(folder[tool], (await Which(tool)).MustSucceed().Output.Trim());
        var run = await new Command("bash", Path.Combine(SourceTree.Root, "run"), "--no-build", "--data", folder["d"])
        {
            Folder = SourceTree.Root, Limit = TimeSpan.FromSeconds(30),
            Variables = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty
                .Add("PATH", folder.Path),
        }.Run();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["d"]));
    }

    private static Task<CommandResult> Which(string tool) =>
        new Command("sh", "-c", $"readlink -f \"$(command -v {tool})\"").Run();

    [Theory(Timeout = 120_000)]
    [InlineData("INT", true)]
    [InlineData("INT", false)]
    [InlineData("TERM", false)]
    public async Task A_signal_stops_every_process(string signal, bool group)
    {
        await using var other = await EmbeddedFleet.Start(2);
        other.Remember();
        await other.Stop(signal, group);
        Assert.Empty(other.Leaks());
    }

    [Fact(Timeout = 120_000)]
    public async Task Ctrl_C_while_it_starts_stops_every_process()
    {
        using var folder = new TestFolder("early");
        var port = PortRange.Take(8);
        string[] line = [Path.Combine(SourceTree.Root, "run"), "--no-build", "--data", folder["data"], "--port",
            Text(port)];
        using var run = new Command("bash", line) { Folder = SourceTree.Root }.Start();
        var output = run.StandardOutput.ReadToEndAsync();
        var error = run.StandardError.ReadToEndAsync();
        await Eventually.True("children run", TimeSpan.FromSeconds(30), () =>
            Task.FromResult(Signals.Tree(run.Id).Count > 3));
        var processes = Signals.Tree(run.Id);
        await Signals.Send("INT", processes);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await run.WaitForExitAsync(limit.Token);
        Assert.True(run.ExitCode == 0, await output + await error);
        Assert.DoesNotContain(processes, Signals.IsAlive);
        Assert.All(Enumerable.Range(port, 4), p => Assert.True(PortRange.IsFree(p), $"port {p}"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Children_die_with_a_killed_supervisor_and_the_next_start_finds_all_state()
    {
        await using var other = await EmbeddedFleet.Start(2);
        var (repository, work) = await other.NewRepository("kept/state");
        using var _ = work;
        var token = other.Token;
        other.Remember();
        await other.KillSupervisor();
        await Eventually.True("nothing runs on", TimeSpan.FromSeconds(15), () => Task.FromResult(other.Leaks() is []));
        await other.Run();
        Assert.Equal(token, other.Token);
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
        Assert.Equal(repository.Path, (await other.Api.Get(repository.Id)).Path);
    }

    [Fact(Timeout = 120_000)]
    public async Task Data_of_a_newer_program_is_left_alone()
    {
        await using var other = await EmbeddedFleet.Start(1);
        await other.Stop();
        await File.WriteAllTextAsync(Path.Combine(other.Data, "version"), "999\n");
        var run = await Run("--data", other.Data, "--port", Text(other.Port), "--agents", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("999", run.Text, StringComparison.Ordinal);
    }
}
