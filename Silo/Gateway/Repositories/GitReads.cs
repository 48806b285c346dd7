using System.IO.Pipelines;
using Aedile.Client.Repositories;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Serves what a replica answers: advertisements and fetches.</summary>
internal sealed class GitReads(
    ReplicaReader replicas, IOptions<ReadOptions> options, TimeProvider clock, ILogger<GitReads> log)
{
    private const int ChunkBytes = 64 * 1024;
    private const string StaleHeader = "Aedile-Stale-Route";
    private const string RequestType = "application/x-git-upload-pack-request";

    /// <summary><c>GET info/refs?service=…</c>; the service is one of git's two.</summary>
    public Task Advertise(HttpContext http, RepositoryId id, string service)
    {
        var protocol = GitRequest.ReadProtocol(http.Request);
        return Serve(http, id, () => Request(HttpMethod.Get, "info/refs?service=" + service, protocol));
    }

    /// <summary>
    /// <c>POST git-upload-pack</c>: the request is kept, so that another replica can be asked with it.
    /// </summary>
    public async Task UploadPack(HttpContext http, RepositoryId id)
    {
        var protocol = GitRequest.ReadProtocol(http.Request);
        GitRequest.RequireType(http.Request, RequestType);
        GitRequest.AdmitLarge(http);
        var body = await GitRequest.Unpack(http.Request).ReadAll(options.Value.RequestBytesMax, http.RequestAborted);
        RequireEnd(body.Span, protocol);
        await Serve(http, id, () =>
        {
            var request = Request(HttpMethod.Post, "git-upload-pack", protocol);
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new(RequestType);
            return request;
        });
    }

    // Of a request without its end git waits for the rest, and ends when none comes: no replica is to be blamed for
    // that, and none other to be asked.
    private static void RequireEnd(ReadOnlySpan<byte> body, string protocol)
    {
        if (!PktLine.AreWhole(body, out var last))
            throw GitProtocolException.Malformed("the body must be whole pkt-lines");
        if (last.SequenceEqual("0000"u8)) return;
        if (protocol.Split(':').Contains("version=2"))
            throw GitProtocolException.Malformed("a request of protocol v2 must end with a flush");
        if (!last.SequenceEqual("0009done\n"u8) && !last.SequenceEqual("0008done"u8))
            throw GitProtocolException.Malformed("the request must end with a flush or 'done'");
    }

    private async Task Serve(HttpContext http, RepositoryId id, Func<HttpRequestMessage> request)
    {
        var answer = await replicas.Open(id, request, http.RequestAborted);
        if (answer is ReplicaAnswer.Refused refused)
        {
            await GitRefusals.Write(http, refused.Availability);
            return;
        }
        using var serving = (ReplicaAnswer.Serving)answer;
        var response = http.Response;
        response.ContentType = serving.Response.Content.Headers.ContentType?.ToString();
        response.ContentLength = serving.Response.Content.Headers.ContentLength;
        GitRequest.ForbidCaching(response);
        if (serving.IsStale) response.Headers[StaleHeader] = "1";
        try
        {
            await Copy(serving, response.BodyWriter, http.RequestAborted);
        }
        catch (Exception error) when (error is HttpRequestException or IOException
            && !http.RequestAborted.IsCancellationRequested)
        {
            // Too late for another replica. A clean end would look like a complete answer.
            log.ReplicaBrokeOff(error, serving.Node.Node, id);
            http.Abort();
        }
    }

    private async Task Copy(ReplicaAnswer.Serving serving, PipeWriter to, CancellationToken client)
    {
        if (serving.First.IsEmpty) return;
        await to.WriteAsync(serving.First, client);
        using var body = new ReplicaBody(serving.Body, serving.Node, options.Value.StallLimit, clock, client);
        while (true)
        {
            var length = await body.Read(to.GetMemory(ChunkBytes));
            if (length == 0) return;
            to.Advance(length);
            await to.FlushAsync(client);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string protocol)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        GitRequest.WriteProtocol(request, protocol);
        return request;
    }
}
