using System.Text.Json;
using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: REST as a person with curl meets it.</summary>
[Collection<SharedFleet>]
public sealed class RestTests(ThreeAgentFleet fleet)
{
    private async Task<(int Status, JsonElement Body)> Curl(string path, params string[] options)
    {
        string[] always = ["-sS", "-w", "\n%{http_code}", "-H", $"Authorization: Bearer {fleet.Token}"];
        var curl = new Command("curl", [.. always, $"{fleet.Address}v1/{path}", .. options]);
        var text = (await curl.Run()).MustSucceed().Output;
        var cut = text.LastIndexOf('\n');
        var body = cut > 0 ? JsonDocument.Parse(text[..cut]).RootElement : default;
        return (int.Parse(text[(cut + 1)..], System.Globalization.CultureInfo.InvariantCulture), body);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_created_repository_shows_where_it_lies()
    {
        var (status, body) = await Curl("repositories", "--json",
            """{"virtualStorage":"default","path":"rest/hello"}""");
        Assert.Equal(201, status);
        Assert.Equal(32, body.GetProperty("id").GetString()!.Length);
        Assert.Equal("default", body.GetProperty("virtualStorage").GetString());
        Assert.Equal("rest/hello", body.GetProperty("path").GetString());
        Assert.Equal(JsonValueKind.Number, body.GetProperty("generation").ValueKind);
        var nodes = fleet.Agents().Select(a => a.Name).ToHashSet();
        Assert.Contains(body.GetProperty("primary").GetString()!, nodes);
        var replicas = body.GetProperty("replicas").EnumerateArray().ToList();
        Assert.Equal(nodes, replicas.Select(r => r.GetProperty("node").GetString()!).ToHashSet());
        foreach (var replica in replicas)
        {
            Assert.Equal(body.GetProperty("generation").GetInt64(), replica.GetProperty("generation").GetInt64());
            Assert.True(replica.GetProperty("healthy").GetBoolean());
            Assert.True(replica.GetProperty("upToDate").GetBoolean());
            Assert.True(replica.GetProperty("assigned").GetBoolean());
            Assert.Equal(64, replica.GetProperty("checksum").GetString()!.Length);
        }

        var (again, same) = await Curl($"repositories/{body.GetProperty("id").GetString()}");
        Assert.Equal(200, again);
        Assert.Equal(body.GetProperty("path").GetString(), same.GetProperty("path").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_repository_is_found_by_its_name()
    {
        var made = await fleet.Api.Create("rest/named");
        await fleet.Api.Create("rest/named-other");
        var (status, page) = await Curl("repositories?name=default/rest/named");
        Assert.Equal(200, status);
        var found = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal(made.Id.Value, found.GetProperty("id").GetString());
        foreach (var absent in (string[])["default/rest", "nowhere/rest/named", "default/rest/named/x"])
        {
            var (none, empty) = await Curl($"repositories?name={absent}");
            Assert.Equal((200, 0), (none, empty.GetProperty("items").GetArrayLength()));
        }

        Assert.Equal(204, (await Curl($"repositories/{made.Id}", "-X", "DELETE")).Status);
        var (_, gone) = await Curl("repositories?name=default/rest/named");
        Assert.Equal(0, gone.GetProperty("items").GetArrayLength());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        await fleet.Api.Create("rest/taken");
        var (status, body) = await Curl("repositories", "--json",
            """{"virtualStorage":"default","path":"rest/taken"}""");
        Assert.Equal(409, status);
        Assert.False(string.IsNullOrEmpty(body.GetProperty("type").GetString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_creation_repeated_with_its_idempotency_key_is_the_same_repository_and_none_other()
    {
        const string body = """{"virtualStorage":"default","path":"rest/idempotent"}""";
        string[] key = ["-H", "Idempotency-Key: rest-1"];
        var both = await Task.WhenAll(
            Curl("repositories", [.. key, "--json", body]), Curl("repositories", [.. key, "--json", body]));
        var (status, again) = await Curl("repositories", [.. key, "--json", body]);
        Assert.Equal(201, status);
        foreach (var (first, created) in both)
        {
            Assert.InRange(first, 201, 202);
            Assert.Equal(again.GetProperty("id").GetString(), created.GetProperty("id").GetString());
        }

        var (other, problem) = await Curl("repositories", [.. key, "--json", body.Replace("rest/", "rest/other/")]);
        Assert.Equal((422, "urn:aedile:idempotency-key-reused"), (other, problem.GetProperty("type").GetString()));
        var (taken, _) = await Curl("repositories", "--json", body);
        Assert.Equal(409, taken);
        var (bad, _) = await Curl("repositories", "-H", "Idempotency-Key: a b", "--json", body);
        Assert.Equal(400, bad);

        await Curl($"repositories/{again.GetProperty("id").GetString()}", "-X", "DELETE");
        var (deleted, gone) = await Curl("repositories", [.. key, "--json", body]);
        Assert.Equal((409, "urn:aedile:created-and-deleted"), (deleted, gone.GetProperty("type").GetString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_list_comes_in_pages_that_miss_and_repeat_nothing()
    {
        var made = new HashSet<string>();
        for (var i = 0; i < 7; i++) made.Add((await fleet.Api.Create($"rest/list-{i}")).Id.Value);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await fleet.Api.List(3, cursor);
            Assert.InRange(page.Items.Length, 1, 3);
            seen.AddRange(page.Items.Select(r => r.Id.Value));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Subset(seen.ToHashSet(), made);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deleted_repository_is_gone_from_rest_git_and_disk_and_its_name_is_free()
    {
        var (repository, work) = await fleet.NewRepository("rest/deleted");
        using var _ = work;
        var (status, _) = await Curl($"repositories/{repository.Id}", "-X", "DELETE");
        Assert.Equal(204, status);
        Assert.Equal(404, (await Curl($"repositories/{repository.Id}")).Status);
        Assert.Equal(404, (await Curl($"repositories/{repository.Id}", "-X", "DELETE")).Status);
        (await work.Git("fetch", "origin")).MustFail("not found");
        await Eventually.True("no replica is on disk", TimeSpan.FromSeconds(10), () => Task.FromResult(
            fleet.Agents().All(a => fleet.Find(a.Name, repository.Id) is null)));

        var next = await fleet.Api.Create("rest/deleted");
        Assert.NotEqual(repository.Id, next.Id);
        await work.Ok("push", "-q", "origin", "main");
    }

    [Fact(Timeout = 60_000)]
    public async Task Git_is_asked_for_the_password_and_takes_it()
    {
        var (_, work) = await fleet.NewRepository("rest/password");
        using var __ = work;
        var askpass = Path.Combine(work.Path, "askpass");
        await File.WriteAllTextAsync(askpass, "#!/bin/sh\necho \"$SECRET\"\n");
        (await new Command("chmod", "u+x", askpass).Run()).MustSucceed();
        var list = work.In(work.Path, "ls-remote", $"http://127.0.0.1:{fleet.Port}/git/default/rest/password.git");
        var right = list with { Variables = list.Variables.Add("GIT_ASKPASS", askpass).Add("SECRET", fleet.Token) };
        Assert.Contains("refs/heads/main", (await right.Run()).MustSucceed().Output, StringComparison.Ordinal);
        var wrong = list with { Variables = list.Variables.Add("GIT_ASKPASS", askpass).Add("SECRET", "guess") };
        (await wrong.Run()).MustFail("Authentication failed");
    }
}
