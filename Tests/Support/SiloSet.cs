using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Silo.Engines;

namespace Aedile.Tests.Support;

/// <summary>
/// Several real silos on one database and real agents, each a process that the test starts and kills by itself; no
/// supervisor starts them again. The database is a file that they share, or a PostgreSQL if their engine needs one.
/// </summary>
public sealed class SiloSet : IAsyncDisposable
{
    private const int SilosMax = 4;
    private const int AgentsMax = 8;
    private const int PortCount = SilosMax + AgentsMax + (2 * SilosMax);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new("silos");
    private readonly Dictionary<string, Process> _processes = [];
    private readonly StringBuilder _console = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };
    private readonly int _port = PortRange.Take(PortCount);
    private PostgresProcess? _postgres;

    /// <summary>The data folder that the silos share.</summary>
    public string Data => _folder["data"];

    /// <summary>The admin token; there once a silo was started.</summary>
    public string Token => File.ReadAllText(Path.Combine(Data, "admin.token")).Trim();

    /// <summary>What all processes said.</summary>
    public string Console { get { lock (_console) return _console.ToString(); } }

    /// <summary>A silo's gateway, numbered from 1.</summary>
    public Uri Address(int silo) => new($"http://127.0.0.1:{_port + silo - 1}");

    /// <summary>Address of a repository of <c>default</c> for git, at one of the silos.</summary>
    public string GitUrl(int silo, string path) =>
        $"http://any:{Token}@{Address(silo).Authority}/git/default/{path}.git";

    /// <summary>REST of one silo, with the admin token; the caller disposes it.</summary>
    public FleetApi Api(int silo) => new(Address(silo), Token);

    /// <summary>Starts silos and waits until each serves.</summary>
    public async Task StartSilos(params int[] silos)
    {
        foreach (var silo in silos)
        {
            Start(
                Silo(silo), BuildOutput.Silo,
                [
                    "--name", Silo(silo), "--data", Data, "--urls", Address(silo).GetLeftPart(UriPartial.Authority),
                    .. await DatabaseOf(silo),
                ]);
            // One after the other: the first one makes the tokens and the schema.
            await Eventually.True(
                $"{Silo(silo)} serves", StartLimit, async () =>
                {
                    Assert.False(_processes[Silo(silo)].HasExited, Console);
                    using var answer = await _http.GetAsync(new Uri(Address(silo), "/readyz"));
                    return answer.IsSuccessStatusCode;
                });
        }
    }

    /// <summary>Starts an agent that is told of these silos only; it learns of the others.</summary>
    public void StartAgent(int agent, params int[] silos) => Start(
        Agent(agent), BuildOutput.Agent, "--node", Agent(agent), "--data",
        _folder[Agent(agent)], "--listen",
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port + SilosMax + agent}"), "--silos",
        string.Join(',', silos.Select(s => Address(s).GetLeftPart(UriPartial.Authority))), "--token-file",
        Path.Combine(Data, "fleet.token"));

    /// <summary>Sends a signal, as in <c>KILL</c>.</summary>
    public Task Signal(string name, string signal) => Signals.Send(signal, _processes[name].Id);

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task Kill(string name)
    {
        await Signal(name, "KILL");
        await _processes[name].WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for its end; the exit code.</summary>
    public async Task<int> Stop(string name)
    {
        await Signal(name, "TERM");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await _processes[name].WaitForExitAsync(limit.Token);
        return _processes[name].ExitCode;
    }

    /// <summary>The fleet as one silo sees it.</summary>
    public async Task<FleetResource> Fleet(int silo)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address(silo), "/v1/fleet"));
        request.Headers.Authorization = new("Bearer", Token);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<FleetResource>(Wire.Json))!;
    }

    /// <summary>A node as one silo sees it.</summary>
    public async Task<NodeResource> Node(int silo, int agent) =>
        (await Fleet(silo)).Nodes.Single(n => n.Name.Value == Agent(agent));

    /// <summary>Waits until a silo sees the node so; the test fails after 30 s.</summary>
    public Task<NodeResource> UntilNode(int silo, int agent, Func<NodeResource, bool> isSo) =>
        Eventually.Value($"{Silo(silo)} sees {Agent(agent)} so", TimeSpan.FromSeconds(30), async () =>
            await Node(silo, agent) is { } node && isSo(node) ? node : null);

    /// <summary>Name of a silo.</summary>
    public static string Silo(int number) => $"silo-{number}";

    /// <summary>Name of an agent's node.</summary>
    public static string Agent(int number) => $"storage-{number}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Signals.Send("KILL", _processes.Values.Where(p => !p.HasExited).Select(p => p.Id));
        foreach (var process in _processes.Values)
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }
        if (Environment.GetEnvironmentVariable("AEDILE_TEST_LOGS") is { } logs)
            await File.WriteAllTextAsync(
                Path.Combine(Directory.CreateDirectory(logs).FullName, $"silos-{_port}.log"), Console);
        _http.Dispose();
        if (_postgres is not null) await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string[]> DatabaseOf(int silo)
    {
        if (!HostedEngine.NeedsPostgres) return [];
        var file = _folder["connection"];
        if (_postgres is null)
        {
            _postgres = new PostgresProcess();
            await _postgres.Start();
            await File.WriteAllTextAsync(file, await _postgres.NewDatabase());
        }

        var siloPort = _port + SilosMax + AgentsMax + silo - 1;
        return
        [
            "--database-file", file, "--silo-port", siloPort.ToString(CultureInfo.InvariantCulture),
            "--gateway-port", (siloPort + SilosMax).ToString(CultureInfo.InvariantCulture),
        ];
    }

    private void Start(string name, string program, params string[] arguments)
    {
        if (_processes.Remove(name, out var old)) old.Dispose();
        var process = new Command("dotnet", [program, .. arguments]).Start();
        _processes[name] = process;
        _ = Collect(name, process.StandardOutput);
        _ = Collect(name, process.StandardError);
    }

    private async Task Collect(string name, StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            lock (_console) _console.Append(name).Append(": ").AppendLine(line);
        }
    }
}
