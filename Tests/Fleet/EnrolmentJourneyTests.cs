using System.Collections.Immutable;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: an agent of its own process comes in by a one-time token, whatever kills it on the way, and is never more than
/// its own node.
/// </summary>
[Trait("Engine", "Bundled")] // One silo on SQLite.
public sealed class EnrolmentJourneyTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);
    private readonly SiloSet _set = new();
    private readonly TestFolder _folder = new("journey");
    private readonly List<System.Diagnostics.Process> _agents = [];
    private FleetApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        await _set.StartSilos(1);
        _api = _set.Api(1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents) await Kill(agent);
        _api.Dispose();
        await _set.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_killed_enrolment_goes_on_with_the_same_token()
    {
        foreach (var point in (string[])["enrol-key", "enrol-answered", "enrol-kept"])
        {
            var token = await Enrolments.OfAgent(_api.Http, point);
            var killed = await Run(point, token, $"enrolment/{point}");
            Assert.True(killed.ExitCode is 137, $"{point}: {killed.ExitCode} {killed.Text}");
            var agent = Start(point, token);
            await UntilRunning(point);
            await Kill(agent);
        }
        // And the token that was spent is good for nobody else.
        var other = await Enrolments.OfAgent(_api.Http, "enrol-other");
        var first = Start("enrol-other", other);
        await UntilRunning("enrol-other");
        await Kill(first);
        var thief = await Run("enrol-other", other, null, folder: "thief");
        Assert.Equal(2, thief.ExitCode);
        Assert.Contains("used before", thief.Text, StringComparison.Ordinal);
        Assert.Contains("A new one-time token is needed", thief.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_token_or_with_a_wrong_one_an_agent_says_what_is_needed()
    {
        foreach (var (token, words) in ((string?, string)[])
        [
            (null, "not enrolled"), ("aen_nonsense", "new one-time token is needed"),
            (await Enrolments.OfAgent(_api.Http, "late", lifeSeconds: 1), "new one-time token is needed"),
        ])
        {
            if (words.Contains("new", StringComparison.Ordinal)) await Expire();
            var run = await Run("late", token, null);
            Assert.True(run.ExitCode is 2, run.Text);
            Assert.Contains(words, run.Text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task An_agent_is_its_own_node_and_no_other_and_nothing_once_it_is_disabled()
    {
        var token = await Enrolments.OfAgent(_api.Http, "node-a");
        Start("node-a", token);
        await UntilRunning("node-a");
        var grant = Grant("node-a");

        // Its token opens no session for another node, no question of another, and nothing of people.
        Assert.Contains("node-b", await Greet(grant.Token, "node-b"), StringComparison.Ordinal);
        var question = JsonSerializer.Serialize(new
        {
            node = "node-b", repository = new string('0', 32), transaction = Guid.Empty,
            token = new { epoch = 1, sequence = 1 },
            @base = new { generation = 0, transaction = Guid.Empty },
        });
        await MustBe(
            HttpStatusCode.Forbidden, "other-node", HttpMethod.Post, "/v1/agents/resolve", grant.Token, question);
        await MustBe(HttpStatusCode.Forbidden, "forbidden", HttpMethod.Get, "/v1/repositories", grant.Token);
        await MustBe(HttpStatusCode.Forbidden, "forbidden", HttpMethod.Post, "/v1/tokens", grant.Token, "{}");
        await MustBe(HttpStatusCode.Forbidden, "forbidden", HttpMethod.Get, "/v1/model/identities", grant.Token);
        // And the administrator is no agent.
        await MustBe(HttpStatusCode.Forbidden, "forbidden", HttpMethod.Get, "/v1/agents/model", _set.Token);

        await Patch("agent-node-a", """{"spec":{"disabled":true}}""");
        var began = TimeProvider.System.GetTimestamp();
        await _set.UntilNodeNamed(1, "node-a", n => n.State == "unknown");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await MustBe(HttpStatusCode.Unauthorized, "token-refused", HttpMethod.Get, "/v1/agents/model", grant.Token);
        await Patch("agent-node-a", """{"spec":{"disabled":false}}""");
        await UntilRunning("node-a");
    }

    private static async Task Kill(System.Diagnostics.Process agent)
    {
        agent.Kill();
        await agent.WaitForExitAsync();
    }

    private static string Argument(Uri address) => address.GetLeftPart(UriPartial.Authority);

    // The token's one second is over when the silo says so.
    private async Task Expire()
    {
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.True("a second went by", Soon, () => Task.FromResult(
            TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(1.1)));
    }

    private Command Agent(string node, string? token, string? stopAt, string folder)
    {
        var file = _folder[folder + ".token"];
        if (token is not null) File.WriteAllText(file, token);
        var variables = ImmutableDictionary<string, string>.Empty.Add("DOTNET_EnableDiagnostics", "0");
        return new Command(
            "dotnet", BuildOutput.Agent, "--node", node, "--data", _folder[folder], "--listen", Listen, "--silos",
            Argument(_set.Address(1)), "--enrolment-file", file)
        {
            Limit = Soon,
            Variables = stopAt is null ? variables : variables.Add(CrashPoints.Variable, stopAt),
        };
    }

    private string Listen { get; } = $"http://127.0.0.1:{PortRange.Take(1)}";

    private Task<CommandResult> Run(string node, string? token, string? stopAt, string? folder = null) =>
        Agent(node, token, stopAt, folder ?? node).Run();

    private System.Diagnostics.Process Start(string node, string token)
    {
        var process = Agent(node, token, null, node).Start();
        _agents.Add(process);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    private Task<NodeResource> UntilRunning(string node) => _set.UntilNodeNamed(1, node, n => n.State == "running");

    private AgentGrant Grant(string node) => JsonSerializer.Deserialize<AgentGrant>(
        File.ReadAllBytes(_folder[node, "identity", "grant.json"]), Wire.Json)!;

    private async Task<string> Greet(string token, string node)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        var address = new UriBuilder(_set.Address(1)) { Scheme = "ws", Path = "/v1/agents/session" }.Uri;
        using var limit = new CancellationTokenSource(Soon, TimeProvider.System);
        await socket.ConnectAsync(address, limit.Token);
        SessionMessage hello = new SessionMessage.Hello(
            NodeName.Parse(node), new Guid(1, 2, 3, new byte[8]), 1, new Uri("http://127.0.0.1:1"), ["storage"], "1",
            1, 0);
        await socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(hello, Wire.Json), WebSocketMessageType.Text, true, limit.Token);
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, read.Count);
    }

    private async Task Patch(string identity, string change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/model/identities/{identity}")
        {
            Content = new StringContent(change, Encoding.UTF8, "application/json"),
        };
        using var answer = await _api.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task MustBe(
        HttpStatusCode status, string type, HttpMethod method, string path, string token, string? body = null)
    {
        using var http = new HttpClient { BaseAddress = _set.Address(1) };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{method} {path}: {answer.StatusCode} {text}");
        Assert.Contains($"urn:aedile:{type}", text, StringComparison.Ordinal);
    }
}
