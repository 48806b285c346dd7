using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: a fleet that was just started lets its first administrator in, who lets in others, and out again.
/// </summary>
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class LoginJourneyTests(OneAgentFleet fleet) : IClassFixture<OneAgentFleet>
{
    private const string Password = "a first long password";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact(Timeout = 90_000)]
    public async Task The_first_administrator_sets_a_password_once_and_logs_in_with_it()
    {
        var file = Path.Combine(fleet.Data, "admin.enrolment");
        await Eventually.True("the token is there", Soon, () => Task.FromResult(File.Exists(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var enrolment = new EnrolRequest((await File.ReadAllTextAsync(file)).Trim(), Password);
        await MustBe(HttpStatusCode.BadRequest, "invalid-parameter", await Post(
            "/v1/enrol", enrolment with { Password = "short" }));
        var token = await Read<TokenResource>(await Post("/v1/enrol", enrolment), HttpStatusCode.OK);
        Assert.Equal("admin", token.Identity.Value);
        await MustBe(HttpStatusCode.Gone, "enrolment-over", await Post("/v1/enrol", enrolment));
        await MustBe(HttpStatusCode.OK, null, await Send("GET", "/v1/repositories", token.Token));

        var login = await Read<TokenResource>(
            await Post("/v1/login", new LoginRequest("admin", Password)), HttpStatusCode.OK);
        Assert.NotEqual(token.Id, login.Id);
        await MustBe(HttpStatusCode.Unauthorized, "login-wrong", await Post(
            "/v1/login", new LoginRequest("admin", "another long password")));
        await MustBe(HttpStatusCode.BadRequest, "missing-field", await Post("/v1/login", new LoginRequest("admin")));

        // Nothing that proves who somebody is leaves the silo.
        foreach (var path in (string[])["/v1/model/authenticators", "/v1/changes?follow=false"])
        {
            var shown = await (await Send("GET", path, login.Token)).Content.ReadAsStringAsync();
            Assert.Contains("\"hash\":null", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("pbkdf2", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("\"digest\":\"", shown.Replace("\\", "", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 90_000)]
    public async Task A_viewer_reads_and_changes_nothing_and_its_token_can_be_taken_back()
    {
        await Make("viewer-1", "viewer");
        var token = await Issue("viewer-1");
        await MustBe(HttpStatusCode.OK, null, await Send("GET", "/v1/repositories", token.Token));
        await MustBe(HttpStatusCode.OK, null, await Send("GET", "/v1/model/identities", token.Token));
        foreach (var (method, path) in ((string, string)[])
        [
            ("POST", "/v1/repositories"), ("POST", "/v1/model/nodes"), ("POST", "/v1/model/identities"),
            ("POST", "/v1/model/transactions"), ("DELETE", "/v1/model/identities/admin"),
            ("DELETE", "/v1/identities/admin/tokens"), ("DELETE", $"/v1/tokens/{Other}"),
            ("GET", "/git/default/x.git/info/refs?service=git-receive-pack"),
        ])
            await MustBe(HttpStatusCode.Forbidden, "forbidden", await Send(method, path, token.Token));
        await MustBe(HttpStatusCode.Forbidden, "forbidden", await Post(
            "/v1/tokens", new IssueTokenRequest(Client.Model.EntityId.Parse("admin")), token.Token));
        // Without its role it can't read, and can't give itself the role again.
        var less = await Read<TokenResource>(
            await Post("/v1/tokens", new IssueTokenRequest(Roles: []), token.Token), HttpStatusCode.Created);
        await MustBe(HttpStatusCode.Forbidden, "forbidden", await Send("GET", "/v1/repositories", less.Token));
        await MustBe(HttpStatusCode.Forbidden, "more-than-own", await Post(
            "/v1/tokens", new IssueTokenRequest(), less.Token));

        await MustBe(HttpStatusCode.NoContent, null, await Send("DELETE", $"/v1/tokens/{token.Id}", token.Token));
        await MustBe(HttpStatusCode.Unauthorized, "token-refused", await Send("GET", "/v1/repositories", token.Token));
        var again = await Issue("viewer-1");
        await MustBe(HttpStatusCode.OK, null, await Send("GET", "/v1/model/identities", again.Token));
        await MustBe(HttpStatusCode.NoContent, null, await Send(
            "DELETE", "/v1/identities/viewer-1/tokens", fleet.Token));
        await MustBe(HttpStatusCode.Unauthorized, "token-refused", await Send("GET", "/v1/repositories", again.Token));
    }

    [Fact(Timeout = 90_000)]
    public async Task Git_takes_an_issued_token_as_password_as_far_as_its_roles_allow()
    {
        await fleet.Api.Create("login/git");
        await Make("pusher", "operator");
        await Make("reader", "viewer");
        var (pusher, reader) = (await Issue("pusher"), await Issue("reader"));
        foreach (var (token, service, expected) in ((TokenResource, string, HttpStatusCode)[])
        [
            (pusher, "git-receive-pack", HttpStatusCode.OK), (pusher, "git-upload-pack", HttpStatusCode.OK),
            (reader, "git-receive-pack", HttpStatusCode.Forbidden), (reader, "git-upload-pack", HttpStatusCode.OK),
        ])
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(fleet.Address, $"/git/default/login/git.git/info/refs?service={service}"));
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("any:" + token.Token)));
            using var answer = await fleet.Api.Http.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact(Timeout = 90_000)]
    public async Task A_role_or_an_identity_that_is_taken_away_ends_with_the_next_call()
    {
        await Make("leaver", "operator");
        var token = (await Issue("leaver")).Token;
        await MustBe(HttpStatusCode.OK, null, await Send("GET", "/v1/repositories", token));
        await Patch("leaver", """{"spec":{"roles":[]}}""");
        await MustBe(HttpStatusCode.Forbidden, "forbidden", await Send("GET", "/v1/repositories", token));
        await Patch("leaver", """{"spec":{"disabled":true}}""");
        await MustBe(HttpStatusCode.Unauthorized, "token-refused", await Send("GET", "/v1/repositories", token));
        await MustBe(HttpStatusCode.BadRequest, "invalid-parameter", await Post(
            "/v1/tokens", new IssueTokenRequest(Client.Model.EntityId.Parse("leaver")), fleet.Token));
    }

    [Fact(Timeout = 90_000)]
    public async Task A_transaction_needs_what_each_of_its_changes_would_need_alone()
    {
        await MustBe(HttpStatusCode.Created, null, await Send("POST", "/v1/model/roles", fleet.Token,
            """{"id":"modeller","spec":{"permissions":["model:write","nodes:write","roles:write"]}}"""));
        await Make("modeller-1", "modeller");
        var token = (await Issue("modeller-1")).Token;
        const string Node = """{"verb":"create","kind":"node","id":"by-modeller","body":{"spec":{"attributes":[]}}}""";
        const string Role = """{"verb":"create","kind":"role","id":"all","body":{"spec":{"permissions":["*"]}}}""";
        const string Storage = """{"verb":"delete","kind":"virtual-storage","id":"x"}""";
        foreach (var change in (string[])[Role, Storage])
        {
            await MustBe(HttpStatusCode.Forbidden, "forbidden", await Send(
                "POST", "/v1/model/transactions", token, $$"""{"changes":[{{Node}},{{change}}]}"""));
        }

        await MustBe(HttpStatusCode.NotFound, "entity-not-found", await Send(
            "GET", "/v1/model/nodes/by-modeller", fleet.Token));
        await MustBe(HttpStatusCode.OK, null, await Send(
            "POST", "/v1/model/transactions", token, $$"""{"changes":[{{Node}}]}"""));
    }

    private static TokenId Other => TokenId.From(new Guid(7, 0, 0, new byte[8]));

    private async Task Make(string id, string role) => await MustBe(HttpStatusCode.Created, null, await Send(
        "POST", "/v1/model/identities", fleet.Token,
        $$$"""{"id":"{{{id}}}","spec":{"type":"program","roles":["{{{role}}}"],"attributes":[]}}"""));

    private async Task<TokenResource> Issue(string id) => await Eventually.Value("a token is issued", Soon, async () =>
    {
        var request = new IssueTokenRequest(Client.Model.EntityId.Parse(id));
        return await Read<TokenResource>(await Post("/v1/tokens", request, fleet.Token), HttpStatusCode.Created);
    });

    private async Task Patch(string id, string body) => await MustBe(
        HttpStatusCode.OK, null, await Send("PATCH", $"/v1/model/identities/{id}", fleet.Token, body));

    private Task<HttpResponseMessage> Post<T>(string path, T body, string? token = null) =>
        Send("POST", path, token, JsonSerializer.Serialize(body, Wire.Json));

    private async Task<HttpResponseMessage> Send(string method, string path, string? token, string body = "{}")
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = fleet.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method is not "GET") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(request);
    }

    private static async Task<T> Read<T>(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize<T>(body, Wire.Json)!;
    }

    private static async Task MustBe(HttpStatusCode status, string? type, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.RequestMessage!.RequestUri}: {answer.StatusCode}: {body}");
        if (type is not null) Assert.Contains($"\"urn:aedile:{type}\"", body, StringComparison.Ordinal);
        answer.Dispose();
    }
}
