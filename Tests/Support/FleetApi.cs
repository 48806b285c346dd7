using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aedile.Client;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Support;

/// <summary>REST as a program uses it, with the admin token.</summary>
public sealed class FleetApi(Uri address, string token) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(40),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>For requests that this class has no method for.</summary>
    public HttpClient Http => _http;

    /// <summary>Creates a repository in <c>default</c>; the test fails unless it is there within a minute.</summary>
    public async Task<RepositoryResource> Create(string path)
    {
        using var answer = await _http.PostAsJsonAsync(
            "/v1/repositories", new CreateRepositoryRequest("default", path), Wire.Json);
        // On a loaded machine not all replicas are there in time; then the coordinator goes on by itself.
        if (answer.StatusCode != HttpStatusCode.Accepted)
            return await Read<RepositoryResource>(answer, HttpStatusCode.Created);
        var begun = await Read<RepositoryResource>(answer, HttpStatusCode.Accepted);
        return await Eventually.Value($"{path} is created", TimeSpan.FromSeconds(60), async () =>
            await Get(begun.Id) is { Primary: not null } created ? created : null);
    }

    /// <summary>The repository; the test fails unless it exists.</summary>
    public async Task<RepositoryResource> Get(RepositoryId id)
    {
        using var answer = await _http.GetAsync(new Uri($"/v1/repositories/{id}", UriKind.Relative));
        return await Read<RepositoryResource>(answer, HttpStatusCode.OK);
    }

    /// <summary>One page.</summary>
    public async Task<Page<RepositoryResource>> List(int limit, string? cursor)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"/v1/repositories?limit={limit}");
        if (cursor is not null) query += "&cursor=" + Uri.EscapeDataString(cursor);
        using var answer = await _http.GetAsync(new Uri(query, UriKind.Relative));
        return await Read<Page<RepositoryResource>>(answer, HttpStatusCode.OK);
    }

    /// <summary>Status of a request without body.</summary>
    public async Task<HttpStatusCode> Status(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Outcome of one write: committed, aborted, pending or unknown.</summary>
    public async Task<TransactionResource> Transaction(RepositoryId id, string transaction)
    {
        var path = new Uri($"/v1/repositories/{id}/transactions/{transaction}", UriKind.Relative);
        using var answer = await _http.GetAsync(path);
        return await Read<TransactionResource>(answer, HttpStatusCode.OK);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<T> Read<T>(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != expected) Assert.Fail($"{(int)answer.StatusCode}, not {(int)expected}: {body}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(body, Wire.Json)!;
    }
}
