using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aedile.Silo.Engines;

namespace Aedile.Tests.Support;

/// <summary>
/// The real thing: <c>./run --no-build</c> on a data folder of its own, with processes that a test may kill. Its
/// console goes to a file in <c>AEDILE_TEST_LOGS</c> when that is set.
/// </summary>
public class EmbeddedFleet : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new("fleet");
    private readonly StringBuilder _console = new();
    private readonly HashSet<int> _seen = [];
    private readonly int _agents;
    private readonly int _silos;
    private Process? _run;
    private FleetApi? _api;

    /// <summary>A fleet of <paramref name="agents"/> agents, started by <see cref="InitializeAsync"/>.</summary>
    /// <param name="agents">How many.</param>
    /// <param name="silos">How many silos on a PostgreSQL; 0: one silo on SQLite, if the engine can.</param>
    protected EmbeddedFleet(int agents, int silos = 0)
    {
        _agents = agents;
        _silos = silos == 0 && HostedEngine.NeedsPostgres ? 1 : silos;
        Port = PortRange.Take(PortCount);
    }

    /// <summary>Data folder.</summary>
    public string Data => _folder["data"];

    /// <summary>What <c>./run</c> is given besides.</summary>
    protected ImmutableArray<string> MoreOptions { get; init; } = [];

    /// <summary>Options that choose the engine that these tests were built with.</summary>
    public static ImmutableArray<string> EngineOptions { get; } = ["--engine", BuildOutput.Engine];

    /// <summary>The engine that the next <see cref="Run"/> starts.</summary>
    public string Engine { get; set; } = BuildOutput.Engine;

    /// <summary>Data folder of the single silo that becomes this fleet at its first start; null for none.</summary>
    public string? From { get; set; }

    /// <summary>The gateway's port.</summary>
    public int Port { get; }

    private int PortCount => _silos == 0 ? _agents + 1 : _agents + (3 * _silos) + 1;

    /// <summary>The gateway.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>The admin token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>REST with the admin token.</summary>
    public FleetApi Api => _api ?? throw new InvalidOperationException("The fleet was not started.");

    /// <summary>What the fleet printed so far.</summary>
    public string Console { get { lock (_console) return _console.ToString(); } }

    /// <summary>Whether the supervisor is gone.</summary>
    public bool HasEnded => _run is null or { HasExited: true };

    /// <summary>A fleet for one test, started.</summary>
    public static async Task<EmbeddedFleet> Start(
        int agents, ImmutableDictionary<string, string>? variables = null, int silos = 0, string? engine = null,
        string? from = null)
    {
        var fleet = new EmbeddedFleet(agents, silos) { Engine = engine ?? BuildOutput.Engine, From = from };
        try { await fleet.Run(variables ?? ImmutableDictionary<string, string>.Empty); }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
        return fleet;
    }

    /// <summary>Address of a repository of <c>default</c> for git, with the admin token as password.</summary>
    /// <param name="path">The repository's.</param>
    /// <param name="silo">Number of the silo that is asked, from 1.</param>
    public string GitUrl(string path, int silo = 1) =>
        $"http://any:{Token}@127.0.0.1:{Port + silo - 1}/git/default/{path}.git";

    /// <summary>A push-ready repository with one pushed commit; its path is also the work tree's remote.</summary>
    public async Task<(Client.Repositories.RepositoryResource Repository, GitWork Work)> NewRepository(string path)
    {
        var repository = await Api.Create(path);
        return (repository, await GitWork.InitAndPush(GitUrl(path)));
    }

    /// <summary>The fleet's processes as <c>run.json</c> lists them now.</summary>
    public ImmutableArray<FleetProcess> Processes() => FleetProcess.Read(Path.Combine(Data, "run.json"));

    /// <summary>The agents among them.</summary>
    public ImmutableArray<FleetProcess> Agents() =>
        [.. Processes().Where(p => p.Role is not ("silo" or "supervisor" or "database"))];

    /// <summary>One process by its name.</summary>
    public FleetProcess Find(string name) => Processes().Single(p => p.Name == name);

    /// <summary>The silo.</summary>
    public FleetProcess Silo() => Processes().Single(p => p.Role == "silo");

    /// <summary>Sends a signal, as in <c>KILL</c>, to a process by its name.</summary>
    public Task Signal(string name, string signal) => Signals.Send(signal, Find(name).Pid);

    /// <summary>kill -9 of the supervisor, the silo, all agents and all they started, in one go.</summary>
    public async Task KillEverything()
    {
        if (_run is null) return;
        Remember();
        await Signals.Send("KILL", _seen.Where(Signals.IsAlive));
        await Signals.Send("KILL", _seen.Where(Signals.IsAlive)); // What was started between the look and the signal.
        await _run.WaitForExitAsync();
        _run = null;
        await Eventually.True("all processes are gone", TimeSpan.FromSeconds(5),
            () => Task.FromResult(!_seen.Any(Signals.IsAlive)));
    }

    /// <summary>Starts the fleet on its data folder; returns when it says that it is ready.</summary>
    public async Task Run(ImmutableDictionary<string, string>? variables = null)
    {
        string[] kind = _silos == 0 ? [] : ["fleet", "--silos", _silos.ToString(CultureInfo.InvariantCulture)];
        if (From is { } from) kind = [.. kind, "--from", from];
        From = null;
        var command = new Command("bash",
        [
            Path.Combine(SourceTree.Root, "run"), .. kind, "--engine", Engine, "--no-build", "--data", Data,
            "--port", Port.ToString(CultureInfo.InvariantCulture),
            "--agents", _agents.ToString(CultureInfo.InvariantCulture), .. MoreOptions,
        ])
        {
            Folder = SourceTree.Root,
            // A runtime that is killed leaves its diagnostic sockets behind; nothing else may stay in this folder.
            Variables = (variables ?? ImmutableDictionary<string, string>.Empty)
                .SetItem("DOTNET_EnableDiagnostics", "0")
                .SetItem("TMPDIR", Directory.CreateDirectory(_folder["tmp"]).FullName),
        };
        _run = command.Start();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Collect(_run.StandardOutput, ready);
        _ = Collect(_run.StandardError, ready);
        var exit = _run.WaitForExitAsync();
        var first = await Task.WhenAny(ready.Task, exit, Task.Delay(StartLimit, TimeProvider.System));
        if (first != ready.Task) Assert.Fail($"The fleet is not ready within {StartLimit}:\n{Console}");
        Token = (await File.ReadAllTextAsync(Path.Combine(Data, "admin.token"))).Trim();
        _api?.Dispose();
        _api = new FleetApi(Address, Token);
        Remember();
    }

    /// <summary>kill -9 of everything, then a start on the same data.</summary>
    public async Task RestartAll()
    {
        await KillEverything();
        await Run();
    }

    /// <summary>Stops the fleet; fails the test unless the supervisor ends within 30 s.</summary>
    /// <param name="signal">What it gets.</param>
    /// <param name="group">Whether its children get it too, as from a terminal's Ctrl-C.</param>
    public async Task Stop(string signal = "INT", bool group = false)
    {
        if (_run is null) return;
        Remember();
        await Signals.Send(signal, group ? Signals.Tree(_run.Id) : [_run.Id]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await _run.WaitForExitAsync(limit.Token);
        _run = null;
    }

    /// <summary>kill -9 of the process that <c>./run</c> became, and of nothing else.</summary>
    public async Task KillSupervisor()
    {
        await Signals.Send("KILL", _run!.Id);
        await _run.WaitForExitAsync();
        _run = null;
    }

    /// <summary>What a stopped fleet left running, listening or lying about; empty is right.</summary>
    public ImmutableArray<string> Leaks() =>
    [
        .. _seen.Where(Signals.IsAlive).Select(pid => $"process {pid}"),
        .. Enumerable.Range(Port, PortCount).Where(p => !PortRange.IsFree(p)).Select(p => $"port {p}"),
        .. Directory.EnumerateFileSystemEntries(_folder["tmp"]).Select(f => $"temporary file {f}"),
    ];

    /// <summary>Notes all processes, so that <see cref="Leaks"/> knows those that a test killed.</summary>
    public void Remember()
    {
        if (_run is null) return;
        _seen.UnionWith(Signals.Tree(_run.Id));
        if (File.Exists(Path.Combine(Data, "run.json"))) _seen.UnionWith(Processes().Select(p => p.Pid));
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await Run();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillEverything();
        _api?.Dispose();
        if (Environment.GetEnvironmentVariable("AEDILE_TEST_LOGS") is { } logs)
            KeepLogs(Directory.CreateDirectory(logs).FullName);
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    // The console, and what each process wrote to DATA/logs.
    private void KeepLogs(string folder)
    {
        var name = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"fleet-{_seen.Min()}"));
        File.WriteAllText(name + ".log", Console);
        var logs = Path.Combine(Data, "logs");
        if (!Directory.Exists(logs)) return;
        foreach (var file in Directory.EnumerateFiles(logs))
            File.Copy(file, $"{name}-{Path.GetFileName(file)}", overwrite: true);
    }

    private async Task Collect(StreamReader lines, TaskCompletionSource ready)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            lock (_console) _console.AppendLine(line);
            if (line.StartsWith("ready http", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }
}

/// <summary>Fixture: one silo and three agents for all tests of a class.</summary>
public sealed class ThreeAgentFleet() : EmbeddedFleet(3);

/// <summary>Fixture: one silo on a PostgreSQL, and one agent.</summary>
public sealed class OneSiloOnPostgres() : EmbeddedFleet(1, silos: 1);

/// <summary>Fixture: one silo and two agents.</summary>
public sealed class TwoAgentFleet() : EmbeddedFleet(2);

/// <summary>Fixture: one silo and one agent.</summary>
public sealed class OneAgentFleet() : EmbeddedFleet(1);

/// <summary>Three silos and an agent.</summary>
public sealed class ThreeSiloFleet() : EmbeddedFleet(1, Silos)
{
    /// <summary>How many.</summary>
    public const int Silos = 3;
}
