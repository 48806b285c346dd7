using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>Goal: bad REST requests and bad paths get a clear 4xx that names the field, and make nothing.</summary>
[Collection<SharedFleet>]
public sealed class HostileRequestTests(ThreeAgentFleet fleet)
{
    private async Task<(int Status, string Text)> Post(string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var answer = await fleet.Api.Http.PostAsync(new Uri("/v1/repositories", UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<int> CountRepositories()
    {
        var count = 0;
        string? cursor = null;
        do
        {
            var page = await fleet.Api.List(100, cursor);
            count += page.Items.Length;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return count;
    }

    [Fact(Timeout = 60_000)]
    public async Task Bad_repository_names_are_refused_with_the_field_at_fault()
    {
        var before = await CountRepositories();
        string[] paths =
        [
            "", "/", ".", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", ".hidden", "-option", "a.lock", "a.git",
            "a\u0001b", "a\nb", "a\0b", "a b", "a%2e%2e", "a\\b", "ä", new string('a', 101), "1/2/3/4/5/6/7/8/9",
            string.Join('/', Enumerable.Repeat(new string('a', 90), 4)), "a:b", "a?b", "a#b", "~x",
        ];
        foreach (var path in paths)
        {
            var (status, text) = await Post(JsonSerializer.Serialize(new { virtualStorage = "default", path }));
            Assert.True(status == 400, $"'{path}': {status} {text}");
            Assert.Contains("path", text, StringComparison.Ordinal);
        }
        Assert.Equal(before, await CountRepositories());
    }

    [Fact(Timeout = 60_000)]
    public async Task Bad_bodies_are_refused()
    {
        var before = await CountRepositories();
        (string Body, string Type, int[] Statuses)[] cases =
        [
            ("", "application/json", [400]), ("{", "application/json", [400]), ("[]", "application/json", [400]),
            ("null", "application/json", [400]), ("\"x\"", "application/json", [400]),
            ("""{"virtualStorage":"default"}""", "application/json", [400]),
            ("""{"virtualStorage":"default","path":null}""", "application/json", [400]),
            ("""{"virtualStorage":"default","path":7}""", "application/json", [400]),
            ("""{"virtualStorage":"default","path":"hostile/a","surprise":1}""", "application/json", [400]),
            ("""{"virtualStorage":"nowhere","path":"hostile/a"}""", "application/json", [400, 404]),
            ("""{"virtualStorage":"default","path":"hostile/a","defaultBranch":"../x"}""", "application/json", [400]),
            ("""{"virtualStorage":"default","path":"hostile/a","defaultBranch":""}""", "application/json", [400]),
            ("""{"virtualStorage":"default","path":"hostile/a"}""", "text/plain", [400, 415]),
            (new string('[', 5000), "application/json", [400]),
            ($$"""{"virtualStorage":"default","path":"{{new string('a', 5_000_000)}}"}""", "application/json",
                [400, 413]),
        ];
        foreach (var (body, type, statuses) in cases)
        {
            var (status, text) = await Post(body, type);
            Assert.True(statuses.Contains(status), $"{body[..Math.Min(90, body.Length)]}: {status} {text}");
            if (status == 400) Assert.Contains("\"type\"", text, StringComparison.Ordinal);
        }
        Assert.Equal(before, await CountRepositories());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("POST", "model/nodes")]
    [InlineData("PATCH", "model/nodes/any")]
    [InlineData("POST", "tokens")]
    [InlineData("POST", "repositories")]
    [InlineData("POST", "login")]
    public async Task A_body_that_is_too_large_is_refused_whether_or_not_it_says_so(string method, string path)
    {
        foreach (var isChunked in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/" + path);
            request.Content = new StringContent(new string(' ', 70_000), Encoding.UTF8, "application/json");
            request.Headers.TransferEncodingChunked = isChunked;
            using var answer = await fleet.Api.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.Contains("urn:aedile:body-too-large", text, StringComparison.Ordinal);
            Assert.Contains("65536 bytes", text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_never_ends_is_cut_off()
    {
        var head = RawHttp.Head("POST /v1/repositories HTTP/1.1", $"Authorization: Bearer {fleet.Token}",
            "Content-Type: application/json", "Content-Length: 200000000");
        var answer = await RawHttp.Send(fleet.Port, head, new byte[8_000_000]);
        Assert.True(answer.Status is 400 or 413, answer.Text);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_small_body_that_unpacks_to_a_huge_one_is_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/bomb");
        using var packed = new MemoryStream();
        await using (var zip = new System.IO.Compression.GZipStream(
            packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            var flushes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0000", 1 << 18)));
            for (var i = 0; i < 64; i++) await zip.WriteAsync(flushes);
        }
        foreach (var service in (string[])["upload-pack", "receive-pack"])
        {
            using var content = new ByteArrayContent(packed.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue($"application/x-git-{service}-request");
            content.Headers.ContentEncoding.Add("gzip");
            using var answer = await fleet.Api.Http.PostAsync(
                new Uri($"/git/default/hostile/bomb.git/git-{service}", UriKind.Relative), content);
            // To receive-pack a flush is a probe, answered with nothing; the rest is never unpacked.
            var expected = service == "upload-pack" ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.OK;
            Assert.Equal(expected, answer.StatusCode);
        }
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_does_not_exist_is_not_found()
    {
        var nobody = $"/v1/repositories/{new string('0', 32)}";
        Assert.Equal(HttpStatusCode.NotFound, await fleet.Api.Status(HttpMethod.Get, nobody));
        Assert.Equal(HttpStatusCode.NotFound, await fleet.Api.Status(HttpMethod.Delete, nobody));
        foreach (var id in (string[])["x", "%2e%2e", "..%2f..", new string('a', 3000)])
            Assert.InRange((int)await fleet.Api.Status(HttpMethod.Get, $"/v1/repositories/{id}"), 400, 499);
        foreach (var query in (string[])
        [
            "limit=0", "limit=-1", "limit=x", "limit=1000000000", "cursor=%00%ff", "name=", "name=x", "name=/x",
            "name=default/..", "name=default/x&name=default/x",
        ])
            Assert.Equal(HttpStatusCode.BadRequest,
                await fleet.Api.Status(HttpMethod.Get, $"/v1/repositories?{query}"));
        using var work = await GitWork.Init(fleet.GitUrl("hostile/nowhere"));
        (await work.Git("ls-remote", "origin")).MustFail("not found");
        await work.Commit("first");
        (await work.Git("push", "origin", "main")).MustFail("not found");
        await work.Ok("remote", "set-url", "origin",
            fleet.GitUrl("x").Replace("/default/", "/nowhere/", StringComparison.Ordinal));
        (await work.Git("ls-remote", "origin")).MustFail("not found");
    }

    [Fact(Timeout = 60_000)]
    public async Task No_path_leads_out()
    {
        await fleet.Api.Create("hostile/inside");
        var id = new string('0', 32);
        string[] paths =
        [
            "/git/default/../../../etc/passwd", "/git/default/..%2f..%2f..%2fetc%2fpasswd",
            "/git/default/%2e%2e/%2e%2e/admin.token", "/git/default/hostile%2finside.git/../../../info/refs",
            "/git/default/hostile/inside.git/%2e%2e/inside.git/config", "/git/%00/x.git/info/refs",
            "/git/default/hostile\\inside.git/info/refs", "/git/default/hostile/inside%00.git/info/refs",
            "/git/default//hostile/inside.git/info/refs", "/git/default/hostile/%0d%0aX:%20y.git/info/refs",
            $"/v1/repositories/{id}/../../../admin.token", "/../admin.token", "/%2e%2e/admin.token", "//admin.token",
            "/git/default/" + new string('a', 6000) + ".git/info/refs",
        ];
        foreach (var path in paths)
        {
            var service = path.Contains("/git/", StringComparison.Ordinal) ? "?service=git-upload-pack" : "";
            var answer = await RawHttp.Send(fleet.Port,
                RawHttp.Head($"GET {path}{service} HTTP/1.1", $"Authorization: Bearer {fleet.Token}"));
            Assert.True(answer.Status is >= 400 and < 500, $"{path}: {answer.Text}");
            Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(fleet.Token, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Garbage_to_upload_pack_is_answered_and_harms_nobody()
    {
        using var under = await HostileCase.Make(fleet, "hostile/upload");
        var seed = Seed.Take();
        string[] framed =
        [
            "", "000ahello\n", "0014command=nonsense0000", "0011command=fetch00010009hello0000", "0009done\n",
            "00000000", $"0032want {new string('a', 40)}\n0000", "0003", "0001", "0002",
        ];
        foreach (var text in framed)
            await Upload(Encoding.ASCII.GetBytes(text));
        for (var round = 0; round < Seed.Rounds(10); round++)
            await Upload(seed.Bytes(1 + seed.Chance.Next(300)));
        for (var round = 0; round < Seed.Rounds(30); round++)
            await Upload(PktLines(seed, under.Old));
        await under.NothingChanged();
        await under.StillServes();
    }

    private async Task Upload(byte[] body)
    {
        foreach (var protocol in (string[])["version=0", "version=2"])
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
            var path = "/git/default/hostile/upload.git/git-upload-pack";
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = content;
            request.Headers.Add("Git-Protocol", protocol);
            using var answer = await fleet.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(
                (int)answer.StatusCode < 500, $"{protocol}: {answer.StatusCode}: {Encoding.Latin1.GetString(body)}");
        }
    }

    // Words of the protocol in an order that makes no sense, well framed and often with an end.
    private static byte[] PktLines(Seed seed, string head)
    {
        string[] words =
        [
            $"want {head}\n", $"want {head} side-band-64k thin-pack\n", $"have {head}\n", "have x", "want x", "done\n",
            "deepen 1\n", "deepen x\n", "deepen-since 1\n", "deepen-not x\n", $"shallow {head}\n", "shallow x\n",
            "filter blob:none\n", "filter x\n", "command=ls-refs\n", "command=fetch\n", "object-format=sha256", "peel",
            "want-ref refs/x\n", "ref-prefix refs/", "wait-for-done", "",
        ];
        var text = new StringBuilder();
        for (var left = seed.Chance.Next(7); left > 0; left--)
        {
            var word = words[seed.Chance.Next(words.Length)];
            text.Append(seed.Chance.Next(5) switch
            {
                0 => "0000",
                1 => "0001",
                _ => $"{word.Length + 4:x4}{word}",
            });
        }
        text.Append(seed.Chance.Next(4) switch { 0 => "", 1 => "0009done\n", _ => "0000" });
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
