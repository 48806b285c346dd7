using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Repositories;

namespace Aedile.Benchmarks.Git;

/// <summary>Ours: what <c>./run</c> starts, one silo and three agents, on a data folder of its own.</summary>
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

    public static async Task<FleetUnderTest> Start(Tool tool, string folder, int port)
    {
        var data = Path.Combine(folder, "data");
        var run = tool.Begin("bash", SourceRoot(),
        [
            "run", "--no-build", "--data", data, "--port", port.ToString(CultureInfo.InvariantCulture), "--agents", "3",
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

    /// <summary>What silo and agents show each other.</summary>
    public string FleetToken() => File.ReadAllText(Path.Combine(Data, "fleet.token")).Trim();

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
