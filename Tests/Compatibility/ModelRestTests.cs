using System.Net;
using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: definitions over REST as the documents say, against real processes.</summary>
[Collection<SharedFleet>]
public sealed class ModelRestTests(ThreeAgentFleet fleet)
{
    private ModelClient Model => field ??= new ModelClient(fleet.Api.Http);

    [Fact(Timeout = 60_000)]
    public async Task An_entity_is_created_shown_changed_and_deleted_by_its_version()
    {
        var created = await Model.CreateNode("rest-1");
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var tag = created.Headers.ETag!.Tag;
        Assert.Equal($"\"{created.Body!["version"]}\"", tag);

        var shown = await Model.Get("model/nodes/rest-1?consistency=latest");
        Assert.Equal(created.Body.ToJsonString(), shown.Body!.ToJsonString());
        const string Body = """{"spec":{"attributes":["hdd"],"isDrained":true}}""";
        Assert.Equal(428, (int)(await Model.Send(HttpMethod.Put, "model/nodes/rest-1", Body)).Status);
        var updated = await Model.Send(HttpMethod.Put, "model/nodes/rest-1", Body, tag);
        Assert.Equal(HttpStatusCode.OK, updated.Status);
        Assert.Equal("hdd", (string?)updated.Body!["spec"]!["attributes"]![0]);
        Assert.Empty(updated.Body["tags"]!.AsObject());
        var stale = await Model.Send(HttpMethod.Put, "model/nodes/rest-1", Body, tag);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "version-mismatch"), (stale.Status, stale.Problem));

        var patched = await Model.Send(
            HttpMethod.Patch, "model/nodes/rest-1", """{"tags":{"zone":"a"}}""", type: "application/merge-patch+json");
        Assert.Equal("a", (string?)patched.Body!["tags"]!["zone"]);
        Assert.True((bool)patched.Body["spec"]!["isDrained"]!);
        var deleted = await Model.Send(
            HttpMethod.Delete, "model/nodes/rest-1", ifMatch: patched.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal("entity-not-found", (await Model.Get("model/nodes/rest-1")).Problem);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_that_comes_again_with_its_key_makes_nothing_twice()
    {
        const string Body = """{"id":"rest-key","spec":{"attributes":[]}}""";
        var first = await Model.Send(HttpMethod.Post, "model/nodes", Body, key: "rest-key-1");
        var again = await Model.Send(HttpMethod.Post, "model/nodes", Body, key: "rest-key-1");
        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal(first.Body!.ToJsonString(), again.Body!.ToJsonString());
        var other = await Model.Send(
            HttpMethod.Post, "model/nodes", """{"id":"rest-other","spec":{"attributes":[]}}""", key: "rest-key-1");
        Assert.Equal((422, "idempotency-key-reused"), ((int)other.Status, other.Problem));
        Assert.Equal("entity-not-found", (await Model.Get("model/nodes/rest-other")).Problem);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_transaction_is_whole_and_a_list_has_pages()
    {
        var changes = string.Join(',', Enumerable.Range(0, 5).Select(i =>
            $$$"""{"verb":"create","kind":"node","id":"page-{{{i}}}","body":{"spec":{"attributes":[]} } }"""));
        var receipt = await Model.Send(HttpMethod.Post, "model/transactions", $$"""{"changes":[{{changes}}] }""");
        Assert.Equal(HttpStatusCode.OK, receipt.Status);
        Assert.Equal(5, receipt.Body!["changed"]!.AsArray().Count);

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Model.Get($"model/nodes?limit=2&atLeast={receipt.Body["index"]}"
                + (cursor is null ? "" : $"&cursor={cursor}"));
            Assert.InRange(page.Body!["items"]!.AsArray().Count, 1, 2);
            names.AddRange(page.Body["items"]!.AsArray().Select(node => (string)node!["name"]!));
            cursor = (string?)page.Body["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(5, names.Count(name => name.StartsWith("page-", StringComparison.Ordinal)));
        var refused = await Model.Send(
            HttpMethod.Post, "model/transactions", """
            {"changes":[{"verb":"delete","kind":"node","id":"page-0"},{"verb":"delete","kind":"node","id":"page-9"}]}
            """);
        Assert.Equal("entity-not-found", refused.Problem);
        Assert.Equal(HttpStatusCode.OK, (await Model.Get("model/nodes/page-0")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_list_is_filtered_sorted_and_cut_to_the_fields_that_are_asked_for()
    {
        foreach (var (id, zone) in ((string, string)[])[("cut-1", "b"), ("cut-2", "a"), ("cut-3", "b")])
            Assert.Equal(HttpStatusCode.Created, (await Model.CreateNode(id, zone)).Status);
        const string Filter = "name startsWith \"cut-\" and not (tags.t = \"a\") and spec.attributes contains \"ssd\"";
        var path = $"model/nodes?consistency=latest&sort=-name&fields=name&filter={Uri.EscapeDataString(Filter)}";
        var first = await Model.Get(path + "&limit=1");
        Assert.Equal(["id", "name", "version"], first.Body!["items"]![0]!.AsObject().Select(member => member.Key));
        var rest = await Model.Get($"{path}&limit=1&cursor={first.Body["nextCursor"]}");
        Assert.Equal(
            ["cut-3", "cut-1"],
            ((ModelAnswer[])[first, rest]).Select(page => (string?)page.Body!["items"]!.AsArray().Single()!["name"]));
        Assert.Null(rest.Body!["nextCursor"]);
        Assert.Equal("cursor", (await Model.Get($"model/nodes?cursor={first.Body["nextCursor"]}")).Field);
    }

    [Fact(Timeout = 60_000)]
    public async Task Changes_are_followed_as_events_and_resumed()
    {
        var before = (long)(await Model.Get("model")).Body!["index"]!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after={before}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await fleet.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await Model.CreateNode("event-1");
        Assert.Equal($"id: {before + 1}", await NextLine(lines));
        Assert.Contains("event-1", await NextLine(lines), StringComparison.Ordinal);

        var rest = await fleet.Api.Http.GetStringAsync(
            new Uri($"/v1/changes?after={before}&follow=false", UriKind.Relative));
        Assert.StartsWith($$"""{"index":{{before + 1}},""", rest, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("model/hoses", 404, "unknown-kind", "kind")]
    [InlineData("model/nodes/x%20y", 404, "entity-not-found", "id")]
    [InlineData("model/nodes?limit=1000000", 400, "invalid-parameter", "limit")]
    [InlineData("model/nodes?limit=0", 400, "invalid-parameter", "limit")]
    [InlineData("model/nodes?cursor=!", 400, "invalid-parameter", "cursor")]
    [InlineData("model/nodes?filter=name%20%3D", 400, "invalid-filter", "filter")]
    [InlineData("model/nodes?filter=nme%20%3D%20%22x%22", 400, "invalid-filter", "filter")]
    [InlineData("model/nodes?sort=color", 400, "invalid-parameter", "sort")]
    [InlineData("model/nodes?fields=spec.color", 400, "invalid-parameter", "fields")]
    [InlineData("model/nodes?consistency=strong", 400, "invalid-parameter", "consistency")]
    [InlineData("model/nodes?atLeast=-1", 400, "invalid-parameter", "atLeast")]
    [InlineData("model/nodes?atLeast=99999999", 503, "too-stale", null)]
    [InlineData("changes?after=99999999", 400, "invalid-parameter", "after")]
    [InlineData("changes?follow=maybe", 400, "invalid-parameter", "follow")]
    public async Task A_read_that_makes_no_sense_is_refused(string path, int status, string problem, string? field)
    {
        var answer = await Model.Get(path);
        Assert.Equal((status, problem, field), ((int)answer.Status, answer.Problem, answer.Field));
    }

    private static async Task<string> NextLine(StreamReader lines)
    {
        while (true)
        {
            var line = await lines.ReadLineAsync() ?? throw new EndOfStreamException("The feed has ended.");
            if (line.Length > 0 && line[0] != ':') return line;
        }
    }
}
