using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>What all git requests have in common.</summary>
internal static class GitRequest
{
    private const string ProtocolHeader = "Git-Protocol";
    private const int ProtocolMax = 100;

    private static readonly SearchValues<char> ProtocolCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=:.-_");

    /// <summary>Refuses a body of another type, which no git client sends.</summary>
    /// <exception cref="GitProtocolException">It has another type.</exception>
    public static void RequireType(HttpRequest request, string type)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals(type, StringComparison.OrdinalIgnoreCase) is not true)
            throw new GitProtocolException(
                StatusCodes.Status415UnsupportedMediaType, $"the content type must be {type}");
    }

    /// <summary>Lifts the limit that fits JSON; the caller sets one of its own.</summary>
    public static void AdmitLarge(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    /// <summary>The versions of the protocol that the client speaks; empty when it says none.</summary>
    /// <exception cref="GitProtocolException">It is nothing that git sends; no replica would take it.</exception>
    public static string ReadProtocol(HttpRequest request)
    {
        var text = request.Headers[ProtocolHeader].ToString();
        return text.Length <= ProtocolMax && !text.AsSpan().ContainsAnyExcept(ProtocolCharacters)
            ? text
            : throw GitProtocolException.Malformed($"{ProtocolHeader} can't be read");
    }

    /// <summary>Sends it on.</summary>
    public static void WriteProtocol(HttpRequestMessage request, string protocol)
    {
        if (protocol.Length > 0) request.Headers.TryAddWithoutValidation(ProtocolHeader, protocol);
    }

    /// <summary>The body as the client meant it: git compresses long requests.</summary>
    /// <exception cref="GitProtocolException">It is encoded in a way git doesn't use.</exception>
    public static PipeReader Unpack(HttpRequest request)
    {
        switch (request.Headers.ContentEncoding.ToString().ToLowerInvariant())
        {
            case "" or "identity":
                return request.BodyReader;
            case "gzip" or "x-gzip":
                var unpacked = new GZipStream(request.Body, CompressionMode.Decompress);
                // Its tables are native memory; the collector doesn't feel their weight.
                request.HttpContext.Response.RegisterForDispose(unpacked);
                return PipeReader.Create(unpacked, new StreamPipeReaderOptions(leaveOpen: true));
            default:
                throw new GitProtocolException(
                    StatusCodes.Status415UnsupportedMediaType, "the body may be encoded with gzip only");
        }
    }

    /// <summary>Reads everything.</summary>
    /// <exception cref="GitProtocolException">It is longer than <paramref name="limit"/> bytes, or no gzip.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAll(
        this PipeReader body, int limit, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(cancellation);
                if (read.Buffer.Length > limit)
                {
                    body.AdvanceTo(read.Buffer.End);
                    throw GitProtocolException.TooLarge($"it may have {limit} bytes");
                }
                if (read.IsCompleted)
                {
                    ReadOnlyMemory<byte> all = read.Buffer.ToArray();
                    body.AdvanceTo(read.Buffer.End);
                    return all;
                }
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (InvalidDataException error)
        {
            throw GitProtocolException.Malformed(error.Message);
        }
    }

    /// <summary>No cache on the way may keep an answer, as with git's own backend.</summary>
    public static void ForbidCaching(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
        response.Headers.Pragma = "no-cache";
        response.Headers.Expires = "Fri, 01 Jan 1980 00:00:00 GMT";
    }
}
