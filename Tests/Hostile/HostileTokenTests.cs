using System.Net;
using System.Text;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>Goal: without the right token nothing answers but a challenge, on the gateway and on every agent.</summary>
[Collection<SharedFleet>]
public sealed class HostileTokenTests(ThreeAgentFleet fleet)
{
    private static readonly HttpClient Plain = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private const string Id = "00000000000000000000000000000000";
    private const string Transaction = "00000000-0000-0000-0000-000000000001";

    private static readonly (string Method, string Path)[] GatewayRoutes =
    [
        ("GET", "/v1/repositories"), ("POST", "/v1/repositories"), ("GET", $"/v1/repositories/{Id}"),
        ("DELETE", $"/v1/repositories/{Id}"), ("GET", $"/v1/repositories/{Id}/transactions/{Transaction}"),
        ("GET", "/git/default/hostile/x.git/info/refs?service=git-upload-pack"),
        ("GET", "/git/default/hostile/x.git/info/refs?service=git-receive-pack"),
        ("POST", "/git/default/hostile/x.git/git-upload-pack"),
        ("POST", "/git/default/hostile/x.git/git-receive-pack"),
        ("POST", "/v1/agents/resolve"), ("GET", "/v1/agents/session"),
    ];

    private static readonly (string Method, string Path)[] AgentRoutes =
    [
        ("GET", $"/v1/replicas/{Id}"), ("PUT", $"/v1/replicas/{Id}"), ("DELETE", $"/v1/replicas/{Id}"),
        ("POST", $"/v1/replicas/{Id}/transactions/{Transaction}/pack"),
        ("PUT", $"/v1/replicas/{Id}/transactions/{Transaction}/lease"), ("POST", $"/v1/replicas/{Id}/prepare"),
        ("POST", $"/v1/replicas/{Id}/commit"), ("POST", $"/v1/replicas/{Id}/abort"),
        ("POST", $"/v1/replicas/{Id}/repair"), ("GET", $"/git/{Id}/info/refs?service=git-upload-pack"),
        ("POST", $"/git/{Id}/git-upload-pack"),
    ];

    private static string Basic(string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + secret));

    private static async Task<HttpResponseMessage> Send(Uri origin, string method, string path, string? authorization)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(origin, path));
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (method is "POST" or "PUT")
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        return await Plain.SendAsync(request);
    }

    // An agent's token is for silos: not even its own agent takes it.
    private string OwnToken(string node)
    {
        var file = Path.Combine(fleet.Data, "agents", node, "identity", "grant.json");
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.GetProperty("token").GetString()!;
    }

    private string[] WrongAuthorizations() =>
    [
        "Bearer wrong", "Bearer", "Bearer ", $"Bearer {fleet.Token}x", $"Bearer {fleet.Token[..^1]}",
        "Basic", "Basic !!!", Basic("wrong"), Basic(""), Basic(fleet.Token + "x"), "Negotiate " + fleet.Token,
        fleet.Token,
    ];

    [Fact(Timeout = 60_000)]
    public async Task The_gateway_challenges_whoever_has_no_right_token()
    {
        foreach (var (method, path) in GatewayRoutes)
            foreach (var authorization in (string?[])[null, .. WrongAuthorizations()])
            {
                using var answer = await Send(fleet.Address, method, path, authorization);
                Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized,
                    $"{method} {path} with '{authorization}': {answer.StatusCode}");
                var challenges = answer.Headers.WwwAuthenticate.Select(c => c.Scheme).ToHashSet();
                Assert.Subset(challenges, new HashSet<string> { "Bearer", "Basic" });
            }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_login_by_certificate_in_the_clear_is_told_to_encrypt()
    {
        using var answer = await Send(fleet.Address, "POST", "/v1/login/certificate", $"Bearer {fleet.Token}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.Contains("urn:aedile:certificate-missing", problem, StringComparison.Ordinal);
        Assert.Contains("use https", problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_token_is_taken_as_bearer_and_as_password()
    {
        foreach (var authorization in (string[])[$"Bearer {fleet.Token}", Basic(fleet.Token)])
        {
            using var answer = await Send(fleet.Address, "GET", "/v1/repositories", authorization);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Agents_answer_nobody_but_silos()
    {
        foreach (var agent in fleet.Agents())
        {
            var origin = new Uri(agent.Address);
            foreach (var (method, path) in AgentRoutes)
                foreach (var authorization in (string?[])[
                    null, "Bearer wrong", $"Bearer {fleet.Token}", $"Bearer {OwnToken(agent.Name)}", Basic("x"),
                ])
                {
                    using var answer = await Send(origin, method, path, authorization);
                    Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized,
                        $"{agent.Name} {method} {path} with '{authorization}': {answer.StatusCode}");
                }
            using var health = await Send(origin, "GET", "/healthz", null);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Noise_on_an_agents_port_is_survived()
    {
        var seed = Seed.Take();
        foreach (var agent in fleet.Agents())
        {
            for (var round = 0; round < Seed.Rounds(10); round++)
                await RawHttp.Send(new Uri(agent.Address).Port, [.. seed.Bytes(200), .. "\r\n\r\n"u8]);
            using var health = await Send(new Uri(agent.Address), "GET", "/healthz", null);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_owner_may_read_the_token_and_no_log_shows_it()
    {
        var mode = (await new Command("stat", "-c", "%a", Path.Combine(fleet.Data, "admin.token")).Run()).MustSucceed();
        Assert.Equal("600", mode.Output.Trim());
        var (_, work) = await fleet.NewRepository("hostile/log");
        work.Dispose();
        var printed = fleet.Console.Split('\n').Where(l => l.Contains(fleet.Token, StringComparison.Ordinal));
        Assert.Empty(printed);
        // -e: the token is by chance one that begins with a hyphen.
        var files = await new Command("grep", "-rlF", "-e", fleet.Token, fleet.Data).Run();
        Assert.Equal(Path.Combine(fleet.Data, "admin.token"), files.Output.Trim());
    }
}
