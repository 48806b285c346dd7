using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>A fleet of <c>./run --tls</c> with three agents.</summary>
public sealed class TlsFleet : EmbeddedFleet
{
    public TlsFleet() : base(3) => MoreOptions = ["--tls"];
}

/// <summary>Goal: with TLS, stock tools work with <c>ca.pem</c>, and strangers are refused at once, clearly.</summary>
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class TlsTests(TlsFleet fleet) : IClassFixture<TlsFleet>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private string Authorities => Path.Combine(fleet.Data, "ca.pem");

    private Uri Gateway => new($"https://127.0.0.1:{fleet.Port}");

    private Uri Agent => new(fleet.Agents()[0].Address);

    [Fact(Timeout = 120_000)]
    public async Task Curl_and_git_work_with_the_fleets_authorities()
    {
        var made = await Curl(
            "--cacert", Authorities, "-H", $"Authorization: Bearer {fleet.Token}", "--json",
            """{"virtualStorage":"default","path":"tls/hello"}""", $"{Gateway}v1/repositories");
        Assert.Contains("\"path\":\"tls/hello\"", made.MustSucceed().Output, StringComparison.Ordinal);
        using var folder = new TestFolder("tls");
        var url = $"https://any:{fleet.Token}@{Gateway.Authority}/git/default/tls/hello.git";
        (await Git(folder.Path, "init", "-q", "-b", "main", "work")).MustSucceed();
        var work = folder["work"];
        (await Git(
            work, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--allow-empty", "-qm", "first"))
            .MustSucceed();
        (await Git(work, "-c", $"http.sslCAInfo={Authorities}", "push", "-q", url, "main")).MustSucceed();
        (await Git(folder.Path, "-c", $"http.sslCAInfo={Authorities}", "clone", "-q", url, "again")).MustSucceed();
        Assert.Equal(
            (await Git(work, "rev-parse", "main")).MustSucceed().Output,
            (await Git(folder["again"], "rev-parse", "main")).MustSucceed().Output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_lost_replica_is_repaired_over_encrypted_connections()
    {
        using var api = new FleetApi(Gateway, fleet.Token, Trusting());
        var repository = await api.Create("tls/repair");
        using var folder = new TestFolder("repair");
        var url = $"https://any:{fleet.Token}@{Gateway.Authority}/git/default/tls/repair.git";
        (await Git(folder.Path, "init", "-q", "-b", "main")).MustSucceed();
        var victim = fleet.Agents()[1];
        await Signals.Send("STOP", victim.Pid);
        try
        {
            (await Git(
                folder.Path, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--allow-empty", "-qm",
                "first")).MustSucceed();
            (await Git(folder.Path, "-c", $"http.sslCAInfo={Authorities}", "push", "-q", url, "main")).MustSucceed();
        }
        finally
        {
            await Signals.Send("CONT", victim.Pid);
        }
        await Eventually.True("all replicas are up to date", TimeSpan.FromSeconds(60), async () =>
            (await api.Get(repository.Id)).Replicas.All(replica => replica.UpToDate));
        // It had no part in the push: what it has now, git fetched from another agent.
        await Eventually.True("it says so", Soon, async () => (await File.ReadAllTextAsync(
            Path.Combine(fleet.Data, "logs", victim.Name + ".log")))
            .Contains(repository.Id.Value, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_speaks_plain_http_to_the_gateway_is_told_so()
    {
        var plain = await Curl("-i", $"http://127.0.0.1:{fleet.Port}/healthz");
        Assert.Contains("400 Bad Request", plain.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("urn:aedile:tls-needed", plain.Output, StringComparison.Ordinal);
        var agent = await Curl($"http://127.0.0.1:{Agent.Port}/healthz");
        Assert.NotEqual(0, agent.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_the_fleets_authorities_a_silo_is_a_stranger()
    {
        var run = await Curl($"{Gateway}healthz");
        Assert.Equal(60, run.ExitCode); // CURLE_PEER_FAILED_VERIFICATION
    }

    [Fact(Timeout = 60_000)]
    public async Task An_agent_gives_no_word_to_who_shows_no_certificate_or_a_wrong_one()
    {
        using var others = new LoneFleet("others");
        using var expired = others.SiloCertificate(TimeSpan.FromSeconds(-1));
        using var foreign = others.SiloCertificate();
        foreach (var shown in (X509Certificate2?[])[null, foreign, expired])
        {
            await MustBeRefused(Agent, shown);
            if (shown is not null) await MustBeRefused(Gateway, shown);
        }
        // Who calls is told nothing; their operators are.
        foreach (var (name, words) in ((string, string)[])
        [
            (fleet.Agents()[0].Name, "its certificate is not one of this fleet (none)"),
            (fleet.Agents()[0].Name, Fingerprint.Of(foreign).Value), ("silo-1", Fingerprint.Of(foreign).Value),
        ])
        {
            await Eventually.True($"{name} says so", Soon, async () => (await File.ReadAllTextAsync(
                Path.Combine(fleet.Data, "logs", name + ".log"))).Contains(words, StringComparison.Ordinal));
        }
        // Its own agent's certificate opens the connection, and no call: that takes a silo's token.
        using var own = OwnCertificate(fleet.Agents()[0].Name);
        using var http = Client(own);
        using var answer = await http.GetAsync(new Uri(Agent, $"/v1/replicas/{new string('0', 32)}"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_agents_token_is_of_no_use_without_its_certificate()
    {
        var grant = Path.Combine(fleet.Data, "agents", fleet.Agents()[0].Name, "identity", "grant.json");
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(grant));
        var token = json.RootElement.GetProperty("token").GetString()!;
        using var other = OwnCertificate(fleet.Agents()[1].Name);
        using var own = OwnCertificate(fleet.Agents()[0].Name);
        foreach (var (shown, expected) in ((X509Certificate2?, HttpStatusCode)[])
        [
            (null, HttpStatusCode.Unauthorized), (other, HttpStatusCode.Unauthorized), (own, HttpStatusCode.OK),
        ])
        {
            using var http = Client(shown);
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            using var answer = await http.GetAsync(new Uri(Gateway, "/v1/agents/model"));
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("http://0.0.0.0:{0}", "use https")]
    [InlineData("http://192.0.2.1:{0}", "use https")]
    [InlineData("http://silo.example.org:{0}", "use https")]
    [InlineData("ftp://127.0.0.1:{0}", "http or https")]
    public async Task A_silo_does_not_start_in_the_clear_beyond_loopback(string url, string words)
    {
        using var folder = new TestFolder("clear");
        var run = await new Command(
            "dotnet", BuildOutput.Silo, "--data", folder["data"], "--urls",
            string.Format(CultureInfo.InvariantCulture, url, PortRange.Take(1)))
        { Limit = Soon }.Run();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--listen", "http://0.0.0.0:18000", "must be https")]
    [InlineData("--silos", "http://192.0.2.1:8480", "must be called by https")]
    public async Task Nor_does_an_agent(string option, string value, string words)
    {
        using var folder = new TestFolder("clear");
        var options = new Dictionary<string, string>
        {
            ["--data"] = folder["data"], ["--listen"] = "http://127.0.0.1:1", ["--silos"] = "http://127.0.0.1:1",
            [option] = value,
        };
        var run = await new Command(
            "dotnet", [BuildOutput.Agent, .. options.SelectMany(pair => (string[])[pair.Key, pair.Value])])
        { Limit = Soon }.Run();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Text, StringComparison.Ordinal);
    }

    private async Task MustBeRefused(Uri address, X509Certificate2? shown)
    {
        using var http = Client(shown);
        http.Timeout = Soon;
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(address, "/healthz")));
    }

    private static HttpClient Client(X509Certificate2? shown) => new(Trusting(shown));

    // The other side's certificate is not what these tests are about.
    private static SocketsHttpHandler Trusting(X509Certificate2? shown = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, silo, _, _) => silo is not null;
        if (shown is not null) handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        return handler;
    }

    private X509Certificate2 OwnCertificate(string node)
    {
        var folder = Path.Combine(fleet.Data, "agents", node, "identity");
        return X509Certificate2.CreateFromPemFile(
            Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
    }

    private static Task<CommandResult> Curl(params string[] arguments) =>
        new Command("curl", ["-sS", "-m", "15", .. arguments]) { Limit = Soon }.Run();

    private static Task<CommandResult> Git(string folder, params string[] arguments) => new Command("git", arguments)
    {
        Folder = folder,
        Limit = TimeSpan.FromSeconds(40),
        Variables = ImmutableDictionary<string, string>.Empty.Add("GIT_TERMINAL_PROMPT", "0")
            .Add("GIT_CONFIG_GLOBAL", "/dev/null"),
    }.Run();
}
