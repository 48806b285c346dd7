using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>Goal: the corners of HTTP that git clients and what stands before them use, and clear refusals.</summary>
[Collection<SharedFleet>]
public sealed class GitHttpTests(ThreeAgentFleet fleet)
{
    private const string UploadType = "application/x-git-upload-pack-request";
    private const string PushType = "application/x-git-receive-pack-request";

    private async Task<(int Status, string Text)> Post(
        string path, string service, string type, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/git/default/{path}.git/{service}");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        change?.Invoke(request);
        using var answer = await fleet.Api.Http.SendAsync(request);
        return ((int)answer.StatusCode, Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync()));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static async Task<byte[]> Body(HostileCase push, string branch)
    {
        var pack = await RawPush.Pack(push.Work, $"{push.New}\n^{push.Old}");
        return [.. RawPush.Commands(RawPush.Capabilities, new RefUpdate(branch, RefUpdate.Zero, push.New)), .. pack];
    }

    [Fact(Timeout = 60_000)]
    public async Task A_push_may_be_compressed_chunked_announced_and_its_type_in_capitals()
    {
        using var push = await HostileCase.Make(fleet, "http/encodings");
        var gzip = await Post("http/encodings", "git-receive-pack", PushType, Gzip(await Body(push, "refs/heads/g")),
            r => r.Content!.Headers.ContentEncoding.Add("GZIP"));
        Assert.Contains("ok refs/heads/g", gzip.Text, StringComparison.Ordinal);
        var chunked = await Post("http/encodings", "git-receive-pack", PushType, await Body(push, "refs/heads/c"),
            r => r.Headers.TransferEncodingChunked = true);
        Assert.Contains("ok refs/heads/c", chunked.Text, StringComparison.Ordinal);
        var announced = await Post("http/encodings", "git-receive-pack", PushType.ToUpperInvariant(),
            await Body(push, "refs/heads/e"), r => r.Headers.ExpectContinue = true);
        Assert.Contains("ok refs/heads/e", announced.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_v2_request_without_its_flush_is_the_clients_error_at_once()
    {
        using var push = await HostileCase.Make(fleet, "http/flushless");
        var started = TimeProvider.System.GetTimestamp();
        var (status, text) = await Post(
            "http/flushless", "git-upload-pack", UploadType, "0014command=ls-refs\n"u8.ToArray(),
            r => r.Headers.Add("Git-Protocol", "version=2"));
        Assert.Equal(400, status);
        Assert.Contains("flush", text, StringComparison.Ordinal);
        // Nine attempts at replicas took seconds.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var whole = await Post(
            "http/flushless", "git-upload-pack", UploadType, "0014command=ls-refs\n0000"u8.ToArray(),
            r => r.Headers.Add("Git-Protocol", "version=2"));
        Assert.Equal(200, whole.Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_push_that_only_deletes_needs_no_pack_and_one_behind_it_is_ignored()
    {
        using var push = await HostileCase.Make(fleet, "http/delete");
        await push.Work.Ok("push", "-q", "origin", "main:one", "main:two");
        var one = RawPush.Commands(RawPush.Capabilities, new RefUpdate("refs/heads/one", push.New, RefUpdate.Zero));
        Assert.Contains("ok refs/heads/one", (await push.Push.Send(one)).Text, StringComparison.Ordinal);
        var two = RawPush.Commands(RawPush.Capabilities, new RefUpdate("refs/heads/two", push.New, RefUpdate.Zero));
        var answer = await push.Push.Send(two, RawPush.EmptyPack);
        Assert.Contains("ok refs/heads/two", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["refs/heads/main"], (await push.Work.RemoteRefs()).Keys.Where(n => n != "HEAD"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_push_to_nowhere_of_nothing_or_of_another_format_changes_nothing()
    {
        using var push = await HostileCase.Make(fleet, "http/nothing");
        Assert.Equal((200, ""), await push.Push.Send(RawPush.Flush));
        Assert.Equal(404, (await Post("http/unknown", "git-receive-pack", PushType, RawPush.Flush)).Status);
        Assert.Equal(415, (await Post("http/nothing", "git-receive-pack", "text/plain", RawPush.Flush)).Status);
        Assert.Equal(415, (await Post("http/nothing", "git-upload-pack", "text/plain", RawPush.Flush)).Status);
        Assert.Equal(415, (await Post("http/nothing", "git-receive-pack", PushType, RawPush.Flush,
            r => r.Content!.Headers.ContentEncoding.Add("br"))).Status);
        var garbage = await Post("http/nothing", "git-receive-pack", PushType, "0000"u8.ToArray(),
            r => r.Content!.Headers.ContentEncoding.Add("gzip"));
        Assert.Equal(400, garbage.Status);
        await push.NothingChanged();
        await push.StillServes();
    }

    [Fact(Timeout = 60_000)]
    public async Task Chunks_that_are_none_are_a_bad_request()
    {
        using var push = await HostileCase.Make(fleet, "http/chunks");
        var head = RawHttp.Head(
            $"POST {push.Push.Url} HTTP/1.1", $"Authorization: Bearer {fleet.Token}", $"Content-Type: {PushType}",
            "Transfer-Encoding: chunked");
        var answer = await RawHttp.Send(fleet.Port, head, "nonsense\r\n"u8.ToArray());
        Assert.Equal(400, answer.Status);
        await push.NothingChanged();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_address_that_takes_another_method_says_which()
    {
        await fleet.Api.Create("http/methods");
        using var answer = await fleet.Api.Http.GetAsync(
            new Uri("/git/default/http/methods.git/git-upload-pack", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("version=2 ; rm")]
    [InlineData("version=2\t")]
    public async Task A_protocol_header_that_cannot_be_is_a_bad_request(string protocol)
    {
        using var work = (await fleet.NewRepository("http/protocol" + protocol.Length)).Work;
        var path = $"/git/default/http/protocol{protocol.Length}.git/info/refs?service=git-upload-pack";
        var answer = await RawHttp.Send(fleet.Port, RawHttp.Head(
            $"GET {path} HTTP/1.1", $"Authorization: Bearer {fleet.Token}", $"Git-Protocol: {protocol};"));
        Assert.Equal(400, answer.Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("version=0", "# service=git-upload-pack")]
    [InlineData("version=1", "version 1")]
    [InlineData("version=2", "version 2")]
    [InlineData("version=2:future=1", "version 2")]
    [InlineData("version=9", "# service=git-upload-pack")]
    public async Task Refs_are_advertised_in_the_protocol_that_the_client_asks_for(string protocol, string expected)
    {
        var path = "http/version-" + protocol.Length + protocol[^1];
        using var work = (await fleet.NewRepository(path)).Work;
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"/git/default/{path}.git/info/refs?service=git-upload-pack");
        request.Headers.Add("Git-Protocol", protocol);
        using var answer = await fleet.Api.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_fetch_request_may_be_as_long_as_its_limit_says()
    {
        using var work = (await fleet.NewRepository("http/long")).Work;
        var head = await work.Head();
        var wants = Enumerable.Repeat(RawPush.Line($"want {head}\n"), 31_000_000 / 50).SelectMany(line => line);
        byte[] body = [.. RawPush.Line($"want {head} agent=test\n"), .. wants, .. RawPush.Flush,
            .. RawPush.Line("done\n")];
        var (status, text) = await Post("http/long", "git-upload-pack", UploadType, body);
        Assert.Equal(200, status);
        Assert.Contains("PACK", text, StringComparison.Ordinal);
        Assert.Equal(413, (await Post("http/long", "git-upload-pack", UploadType, new byte[(32 << 20) + 1])).Status);
        Assert.Equal(413,
            (await Post("http/long", "git-upload-pack", UploadType, Gzip(new byte[(32 << 20) + 1]),
                r => r.Content!.Headers.ContentEncoding.Add("gzip"))).Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("limit=1&limit=2")]
    [InlineData("cursor=ZGVmYXVsdApoZWxsbw&cursor=")]
    [InlineData("cursor=ZGVmYXVsdApoZWxsbwpt")]
    [InlineData("cursor=")]
    public async Task A_list_parameter_that_is_given_twice_or_made_up_is_refused(string query)
    {
        using var answer = await fleet.Api.Http.GetAsync(new Uri($"/v1/repositories?{query}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("urn:aedile:invalid-parameter", await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }
}
