using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;

namespace Aedile.Benchmarks.Git;

/// <summary>Ours: what <c>./run</c> starts, on a data folder of its own.</summary>
internal sealed class FleetUnderTest : IAsyncDisposable
{
    private readonly Process _run;
    private readonly Task _drained;

    private FleetUnderTest(Process run, string data, int port)
    {
        _run = run;
        // A full pipe would stop the fleet.
        _drained = Task.WhenAll(run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        Data = data;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        Token = File.ReadAllText(Path.Combine(data, "admin.token")).Trim();
    }

    public string Data { get; }

    public Uri Address { get; }

    public string Token { get; }

    /// <summary>Starts it with three agents; the options are those of <c>./run</c>, its kind first.</summary>
    public static async Task<FleetUnderTest> Start(Tool tool, string folder, int port, params string[] options)
    {
        var data = Path.Combine(folder, "data");
        var run = tool.Begin("bash", SourceRoot(),
        [
            "run", .. options, "--no-build", "--data", data, "--agents", "3",
            "--port", port.ToString(CultureInfo.InvariantCulture),
        ]);
        while (await run.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("ready http://", StringComparison.Ordinal)) continue;
            return new FleetUnderTest(run, data, port);
        }
        throw new InvalidOperationException($"The fleet did not start: {await run.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Creates a repository of <c>default</c>.</summary>
    public async Task<RepositoryResource> Create(string path)
    {
        using var http = Client();
        using var answer = await http.PostAsJsonAsync(
            "/v1/repositories", new CreateRepositoryRequest("default", path), Wire.Json);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<RepositoryResource>(Wire.Json))!;
    }

    /// <summary>Address of a repository for git, with the token as password.</summary>
    public string GitUrl(string path) =>
        $"{Address.Scheme}://any:{Token}@{Address.Authority}/git/default/{path}.git";

    /// <summary>A client that shows the admin token.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
    };

    /// <summary>What the silo shows an agent: signed with the silo's key, as it signs itself.</summary>
    public string TokenFor(NodeName node)
    {
        var file = Directory.EnumerateFiles(Path.Combine(Data, "identity", "silo-1"), "*.pk8").First();
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(File.ReadAllBytes(file), out _);
        var grant = JsonSerializer.Deserialize<AgentGrant>(
            File.ReadAllBytes(Path.Combine(Data, "agents", node.Value, "identity", "grant.json")), Wire.Json)!;
        var now = TimeProvider.System.GetUtcNow();
        return TokenText.Sign(
            new AccessToken(
                grant.Trust.Entities.Select(entity => entity.Spec).OfType<FleetSpec>().Single().Fleet,
                EntityId.Parse("silo-silo-1"), TokenKind.Silo, TokenAudience.AgentOf(node), [AgentCalls.Command],
                TokenId.From(new Guid(RandomNumberGenerator.GetBytes(16))), now, now, now.AddHours(1)),
            KeyId.Parse(Path.GetFileNameWithoutExtension(file)), key);
    }

    /// <summary>Address of an agent by its node's name.</summary>
    public Uri Agent(string node)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "run.json")));
        return new Uri(json.RootElement.EnumerateArray().First(p => p.GetProperty("name").GetString() == node)
            .GetProperty("address").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await ProcessTree.End(_run, "INT");
        await _drained;
        _run.Dispose();
    }

    /// <summary>The folder of <c>Orleans.sln</c>.</summary>
    public static string SourceRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) return folder.FullName;
        throw new InvalidOperationException("No Orleans.sln above the benchmark.");
    }
}
