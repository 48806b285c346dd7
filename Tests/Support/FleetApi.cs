using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Aedile.Client;
using Aedile.Client.Gateway;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Support;

/// <summary>REST as a program uses it, with the admin token.</summary>
public sealed class FleetApi : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan CreationLimit = TimeSpan.FromSeconds(60);

    private readonly AedileClient _client;

    /// <summary>Asks one silo; what it refuses or doesn't answer is not asked again.</summary>
    public FleetApi(Uri address, string token, SocketsHttpHandler? handler = null)
    {
        handler ??= new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        Http = new HttpClient(handler)
        {
            BaseAddress = address,
            Timeout = AnswerLimit,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        _client = new AedileClient(
            new GatewayOptions([address]) { Patience = TimeSpan.Zero, AnswerTimeout = AnswerLimit },
            TimeProvider.System, handler)
        {
            Token = token,
        };
    }

    /// <summary>For requests that no program of ours would send.</summary>
    public HttpClient Http { get; }

    /// <summary>Creates a repository in <c>default</c>; the test fails unless it is there within a minute.</summary>
    public async Task<RepositoryResource> Create(string path)
    {
        var begun = await _client.Repositories.Create(new CreateRepositoryRequest("default", path));
        if (begun.Primary is not null) return begun;
        // On a loaded machine not all replicas are there in time; then the coordinator goes on by itself.
        return await Eventually.Value($"{path} is created", CreationLimit, async () =>
            await Get(begun.Id) is { Primary: not null } created ? created : null);
    }

    /// <summary>The repository; the test fails unless it exists.</summary>
    public Task<RepositoryResource> Get(RepositoryId id) => _client.Repositories.Get(id);

    /// <summary>Outcome of one write: committed, aborted, pending or unknown.</summary>
    public Task<TransactionResource> Transaction(RepositoryId id, string transaction) =>
        _client.Repositories.GetTransaction(id, TransactionId.Parse(transaction));

    /// <summary>One page.</summary>
    public async Task<Page<RepositoryResource>> List(int limit, string? cursor)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"/v1/repositories?limit={limit}");
        if (cursor is not null) query += "&cursor=" + Uri.EscapeDataString(cursor);
        using var answer = await Http.GetAsync(new Uri(query, UriKind.Relative));
        return await Read<Page<RepositoryResource>>(answer, HttpStatusCode.OK);
    }

    /// <summary>Status of a request without body.</summary>
    public async Task<HttpStatusCode> Status(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await Http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        Http.Dispose();
    }

    private static async Task<T> Read<T>(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != expected) Assert.Fail($"{(int)answer.StatusCode}, not {(int)expected}: {body}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(body, Wire.Json)!;
    }
}
