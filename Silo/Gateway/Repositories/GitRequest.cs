using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>What all git requests have in common.</summary>
internal static class GitRequest
{
    /// <summary>The body as the client meant it: git compresses long requests.</summary>
    /// <exception cref="GitProtocolException">It is encoded in a way git doesn't use.</exception>
    public static PipeReader Unpack(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => request.BodyReader,
        "gzip" or "x-gzip" => PipeReader.Create(new GZipStream(request.Body, CompressionMode.Decompress)),
        _ => throw new GitProtocolException(
            StatusCodes.Status415UnsupportedMediaType, "the body may be encoded with gzip only"),
    };

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
