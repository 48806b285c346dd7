using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Aedile.Client.Repositories;
using Microsoft.AspNetCore.Http.Features;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Git's own two read calls, answered by stock <c>git upload-pack</c>, and the advertisement for pushes.
/// </summary>
internal static class GitEndpoints
{
    public static void MapGit(this IEndpointRouteBuilder routes)
    {
        var git = routes.MapGroup("/git/{id}");
        git.MapGet("info/refs", Advertise);
        git.MapPost("git-upload-pack", Upload);
    }

    private static async Task Advertise(
        RepositoryId id, string service, HttpContext http, StorageRole role, UploadPack upload, IGit git,
        AgentVersion version, CancellationToken cancellation)
    {
        if (service is not ("git-upload-pack" or "git-receive-pack"))
            throw new BadHttpRequestException("service must be git-upload-pack or git-receive-pack.");
        var replica = role.Shelf[id];
        var output = new ArrayBufferWriter<byte>();
        using (var read = await role.Reads.Enter(replica, VersionHeaders.ReadWanted(http.Request), cancellation))
        {
            if (IsRefused(http, read)) return;
            // Listed into memory: a commit waits for the list, never for the client.
            if (service == "git-receive-pack")
                ReceiveAdvertisement.Write(output, await git.ListRefs(replica.Path, cancellation), version.Text);
            else
                await upload.Advertise(replica.Path, ReadProtocol(http.Request), output, cancellation);
        }
        Prepare(http.Response, $"application/x-{service}-advertisement");
        await http.Response.BodyWriter.WriteAsync(output.WrittenMemory, cancellation);
    }

    private static async Task Upload(
        RepositoryId id, HttpContext http, StorageRole role, UploadPack upload, CancellationToken cancellation)
    {
        var replica = role.Shelf[id];
        var protocol = ReadProtocol(http.Request);
        // The gateway bounds it: wants for many thousand refs are longer than Kestrel's own limit.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var body = http.Request.Headers.ContentEncoding == "gzip"
            ? PipeReader.Create(new GZipStream(http.Request.Body, CompressionMode.Decompress))
            : http.Request.BodyReader;
        // Before the admission: commits wait for whoever is admitted, and must not wait for the client.
        var listing = await UploadPack.ReadListing(body, protocol, cancellation);
        using var read = await role.Reads.Enter(replica, VersionHeaders.ReadWanted(http.Request), cancellation);
        if (IsRefused(http, read)) return;
        if (listing is { } request)
        {
            var output = new ArrayBufferWriter<byte>();
            await upload.Answer(replica.Path, protocol, request, output, cancellation);
            read.Dispose();
            Prepare(http.Response, "application/x-git-upload-pack-result");
            await http.Response.BodyWriter.WriteAsync(output.WrittenMemory, cancellation);
            return;
        }
        // Objects never go away under a reader, so commits may pass while they are sent.
        read.Dispose();
        Prepare(http.Response, "application/x-git-upload-pack-result");
        await upload.Stream(replica.Path, protocol, body, http.Response.BodyWriter, cancellation);
    }

    private static bool IsRefused(HttpContext http, ReadAdmission read)
    {
        if (read.Outcome is ReadOutcome.Admitted) return false;
        http.Response.StatusCode = read.Outcome is ReadOutcome.NotFound
            ? StatusCodes.Status404NotFound
            : StatusCodes.Status409Conflict;
        return true;
    }

    private static void Prepare(HttpResponse response, string type)
    {
        response.ContentType = type;
        response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
    }

    // It goes into a child's environment, so only what git clients send is let through.
    private static string? ReadProtocol(HttpRequest request)
    {
        string? text = request.Headers["Git-Protocol"];
        if (text is null) return null;
        return text.Length <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '=' or ':' or '.' or '-' or '_')
            ? text
            : throw new BadHttpRequestException("Git-Protocol can't be read.");
    }
}

/// <summary>The program's version, as it is shown to git clients.</summary>
internal sealed record AgentVersion(string Text);
