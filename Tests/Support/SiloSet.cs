using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Silo.Engines;
using Aedile.Silo.Hosting;

namespace Aedile.Tests.Support;

/// <summary>
/// Several real silos on one database and real agents, each a process that the test starts and kills by itself; no
/// supervisor starts them again. The database is a file that they share, or a PostgreSQL if their engine needs one.
/// </summary>
/// <param name="onPostgres">Whether it is a PostgreSQL in any case; then the silos share a membership too.</param>
public sealed class SiloSet(bool onPostgres = false) : IAsyncDisposable
{
    private const int SilosMax = 4;
    private const int AgentsMax = 8;
    private const int PortCount = SilosMax + AgentsMax + (2 * SilosMax);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new("silos");
    private readonly Dictionary<string, Process> _processes = [];
    private readonly StringBuilder _console = new();
    private readonly HttpClient _http = new(Handler()) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly int _port = PortRange.Take(PortCount);
    private PostgresProcess? _postgres;

    /// <summary>Whether the silos have a PostgreSQL, whatever their engine needs.</summary>
    public bool HasPostgres { get; init; } = HostedEngine.NeedsPostgres || onPostgres;

    /// <summary>Whether all ports speak TLS.</summary>
    public bool HasTls { get; init; }

    /// <summary>Their PostgreSQL; there once a silo was started.</summary>
    public PostgresProcess Postgres => _postgres!;

    /// <summary>The data folder that the silos share.</summary>
    public string Data => _folder["data"];

    /// <summary>The admin token; there once a silo was started.</summary>
    public string Token => File.ReadAllText(Path.Combine(Data, "admin.token")).Trim();

    /// <summary>What all processes said.</summary>
    public string Console { get { lock (_console) return _console.ToString(); } }

    /// <summary>A silo's gateway, numbered from 1.</summary>
    public Uri Address(int silo) => new($"{Scheme}://127.0.0.1:{_port + silo - 1}");

    /// <summary>An agent's endpoint, numbered from 1.</summary>
    public Uri AgentAddress(int agent) => new($"{Scheme}://127.0.0.1:{_port + SilosMax + agent}");

    /// <summary>Where other silos reach a silo.</summary>
    public int SiloPort(int silo) => _port + SilosMax + AgentsMax + silo - 1;

    /// <summary>Address of a repository of <c>default</c> for git, at one of the silos.</summary>
    public string GitUrl(int silo, string path) =>
        $"{Scheme}://any:{Token}@{Address(silo).Authority}/git/default/{path}.git";

    /// <summary>REST of one silo, with the admin token; the caller disposes it.</summary>
    public FleetApi Api(int silo) => new(Address(silo), Token, Handler());

    private string Scheme => HasTls ? "https" : "http";

    // Whether the fleet's certificates are right is asked elsewhere, with its authorities.
    private static SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null;
        return handler;
    }

    /// <summary>An agent's data folder.</summary>
    public string AgentData(int agent) => _folder[Agent(agent)];

    /// <summary>Starts silos and waits until each serves.</summary>
    public async Task StartSilos(params int[] silos)
    {
        foreach (var silo in silos)
        {
            await LaunchSilo(silo);
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

    /// <summary>Makes folder and database, so that several silos can be launched at once.</summary>
    public async Task PrepareDatabase()
    {
        await DatabaseOf(1);
        using var folder = DataFolder.Open(Data, "prepare.lock");
    }

    /// <summary>Starts a silo, and waits for nothing.</summary>
    public async Task LaunchSilo(int silo) => Start(
        Silo(silo), BuildOutput.Silo,
        [
            "--name", Silo(silo), "--data", Data, "--urls", Address(silo).GetLeftPart(UriPartial.Authority),
            .. await DatabaseOf(silo),
        ]);

    /// <summary>Starts an agent that is told of these silos only; it learns of the others.</summary>
    public async Task StartAgent(int agent, params int[] silos)
    {
        var enrolment = _folder[Agent(agent) + ".enrolment"];
        if (!File.Exists(enrolment))
        {
            using var api = Api(silos[0]);
            await File.WriteAllTextAsync(enrolment, await Enrolments.OfAgent(api.Http, Agent(agent)));
        }
        Start(
            Agent(agent), BuildOutput.Agent,
            [
                "--node", Agent(agent), "--data", _folder[Agent(agent)], "--listen",
                AgentAddress(agent).GetLeftPart(UriPartial.Authority), "--silos",
                string.Join(',', silos.Select(s => Address(s).GetLeftPart(UriPartial.Authority))),
                "--enrolment-file", enrolment,
                .. HasTls ? (string[])["--ca-file", Path.Combine(Data, "ca.pem")] : [],
            ]);
    }

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

    /// <summary>How to connect to the PostgreSQL.</summary>
    public string ConnectionString => File.ReadAllText(_folder["connection"]);

    /// <summary>Whether a process runs, or is paused.</summary>
    public bool IsAlive(string name) => !_processes[name].HasExited;

    /// <summary>The fleet as one silo sees it.</summary>
    public Task<FleetResource> Fleet(int silo) => Get<FleetResource>(silo, "/v1/fleet");

    /// <summary>What a silo answers to a request with the admin token.</summary>
    public Task<T> Get<T>(int silo, string path, CancellationToken cancellation = default) =>
        Get<T>(new Uri(Address(silo), path), Token, cancellation);

    /// <summary>What an agent answers to a request of the first silo, which may be gone.</summary>
    public Task<T> GetFromAgent<T>(int agent, string path) => Get<T>(
        new Uri(AgentAddress(agent), path), SiloProof.For(Data, Silo(1), AgentData(agent)), default);

    private async Task<T> Get<T>(Uri address, string token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<T>(Wire.Json, cancellation))!;
    }

    /// <summary>A node as one silo sees it.</summary>
    public async Task<NodeResource> Node(int silo, int agent) =>
        (await Fleet(silo)).Nodes.Single(n => n.Name.Value == Agent(agent));

    /// <summary>Waits until a silo sees the node so; the test fails after 30 s.</summary>
    public Task<NodeResource> UntilNode(int silo, int agent, Func<NodeResource, bool> isSo) =>
        UntilNodeNamed(silo, Agent(agent), isSo);

    /// <summary>The same of a node that the test named.</summary>
    public Task<NodeResource> UntilNodeNamed(int silo, string name, Func<NodeResource, bool> isSo) =>
        Eventually.Value<NodeResource>($"{Silo(silo)} sees {name} so", TimeSpan.FromSeconds(30), async () =>
        {
            var node = (await Fleet(silo)).Nodes.FirstOrDefault(n => n.Name.Value == name);
            return node is not null && isSo(node) ? node : throw new InvalidOperationException($"It sees {node}.");
        });

    /// <summary>Waits until an agent was told of a silo: no sooner it can go there.</summary>
    public Task UntilKnown(int agent, int silo) =>
        Eventually.True($"{Agent(agent)} knows {Silo(silo)}", TimeSpan.FromSeconds(30), async () =>
            (await File.ReadAllLinesAsync(Path.Combine(AgentData(agent), "silos")))
            .Contains(Address(silo).ToString()));

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
        if (!HasPostgres) return [];
        var file = _folder["connection"];
        if (_postgres is null)
        {
            _postgres = new PostgresProcess();
            await _postgres.Start();
            await File.WriteAllTextAsync(file, await _postgres.NewDatabase());
        }

        return
        [
            "--database-file", file, "--silo-port", SiloPort(silo).ToString(CultureInfo.InvariantCulture),
            "--gateway-port", (SiloPort(silo) + SilosMax).ToString(CultureInfo.InvariantCulture),
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
