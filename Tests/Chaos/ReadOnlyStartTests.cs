using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Aedile.Silo.Model.Copy;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: a silo that is started while its database is away shows the definitions of its own copy, refuses writes
/// clearly, and starts for good when the database is back.
/// </summary>
public sealed class ReadOnlyStartTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Fact(Timeout = 300_000)]
    public async Task A_silo_that_starts_without_its_database_shows_its_own_copy_until_it_is_back()
    {
        await using var silos = new SiloSet { HasPostgres = true };
        await silos.StartSilos(1);
        using var api = silos.Api(1);
        var model = new ModelClient(api.Http);
        var token = await IssueToken(model, "ann");
        Assert.Equal(HttpStatusCode.Created, (await model.CreateNode("kept")).Status);
        var index = (long)(await model.Get("model")).Body!["index"]!;
        await WhenCopied(silos, index);

        await silos.Postgres.Stop();
        await silos.Kill("silo-1");
        await silos.LaunchSilo(1);
        await Eventually.True("the silo shows its copy", Soon, async () =>
            (await Answer(model, "model")) is { Status: HttpStatusCode.OK } shown
            && (long)shown.Body!["index"]! == index && !(bool)shown.Body["isWritable"]!);

        await MustServeReadsOnly(silos, model, token);
        await silos.Postgres.Start();
        await Eventually.True("a write succeeds", Soon, async () =>
            (await Answer(model, null)) is { Status: HttpStatusCode.Created or HttpStatusCode.Conflict });
        Assert.Equal(HttpStatusCode.OK, (await model.Get("model/nodes/kept?consistency=latest")).Status);
        Assert.Equal(HttpStatusCode.OK, (await model.Get("model/nodes/later?consistency=latest")).Status);
        using var ready = await api.Http.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task MustServeReadsOnly(SiloSet silos, ModelClient model, string token)
    {
        var node = await model.Get("model/nodes/kept");
        Assert.Equal("kept", (string?)node.Body!["id"]);
        var filter = Uri.EscapeDataString("name startsWith \"ke\"");
        Assert.Single((await model.Get($"model/nodes?filter={filter}")).Body!["items"]!.AsArray());
        Assert.Equal("too-stale", (await model.Get("model/nodes?consistency=latest")).Problem);
        foreach (var write in (Task<ModelAnswer>[])
        [
            model.CreateNode("late"), model.Send(HttpMethod.Delete, "model/nodes/kept", ifMatch: "*"),
            model.Send(HttpMethod.Post, "model/transactions", """{"changes":[]}"""),
        ])
        {
            var refused = await write;
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "writes-unavailable"), (refused.Status, refused.Problem));
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        // Tokens are judged by the same copy: one that was issued before is taken, another is not.
        Assert.Equal(HttpStatusCode.OK, await Status(silos, "/v1/model/nodes/kept", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(silos, "/v1/model/nodes/kept", token[..^6] + "AAAAAA"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(silos, "/v1/model/nodes/kept", null));
        Assert.Equal(HttpStatusCode.OK, await Status(silos, "/healthz", null));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(silos, "/v1/fleet", token));
        using var http = new HttpClient { BaseAddress = silos.Address(1) };
        using var ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var reason = JsonNode.Parse(await ready.Content.ReadAsStringAsync())!;
        Assert.Contains("waits for its database", (string?)reason["detail"], StringComparison.Ordinal);
    }

    private static async Task<string> IssueToken(ModelClient model, string identity)
    {
        const string Spec = """{"type":"person","roles":["viewer"],"attributes":[]}""";
        var made = await model.Send(
            HttpMethod.Post, "model/identities", $$"""{"id":"{{identity}}","spec":{{Spec}} }""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var token = await Eventually.Value("the silo has a key to sign with", Soon, async () =>
            (string?)(await model.Send(HttpMethod.Post, "tokens", $$"""{"identity":"{{identity}}"}""")).Body?["token"]);
        return token;
    }

    // The copy is a second behind.
    private static Task WhenCopied(SiloSet silos, long index) => Eventually.True(
        "the silo's disk has the newest entry", Soon, async () =>
        {
            var copy = new ModelCopy(Path.Combine(silos.Data, "model", "silo-1"), NullLogger.Instance);
            return await copy.Read(CancellationToken.None) is { } stored && stored.State.Index >= index;
        });

    private static async Task<HttpStatusCode> Status(SiloSet silos, string path, string? token)
    {
        using var http = new HttpClient { BaseAddress = silos.Address(1) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    // Null while nobody listens.
    private static async Task<ModelAnswer?> Answer(ModelClient model, string? path)
    {
        try
        {
            return path is null ? await model.CreateNode("later") : await model.Get(path);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
