using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Aedile.Dashboard.Assets;

/// <summary>
/// Scripts, styles and fonts, served from this assembly under the path that is their resource name. So a silo needs no
/// web root and no manifest of files, from a build folder or as one binary. Read and compressed once, at start.
/// </summary>
internal sealed class AssetFiles
{
    private readonly FrozenDictionary<string, AssetFile> _byPath = Load();

    /// <summary>The path with the content's hash: a browser may keep it for ever.</summary>
    public string Link(string path) => $"{path}?v={_byPath[path].Hash}";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var file in _byPath.Values) routes.MapMethods(file.Path, ["GET", "HEAD"], file.Serve).AllowAnonymous();
    }

    private static FrozenDictionary<string, AssetFile> Load()
    {
        var assembly = typeof(AssetFiles).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith('/'))
            .Select(name => AssetFile.Read(assembly, name))
            .ToFrozenDictionary(file => file.Path);
    }
}

/// <summary>One asset.</summary>
/// <param name="Path">Its path on the silo.</param>
/// <param name="Hash">A hash of its content.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Brotli">The same compressed; null when that gains nothing.</param>
internal sealed record AssetFile(string Path, string Hash, string ContentType, byte[] Bytes, byte[]? Brotli)
{
    public static AssetFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var type = TypeOf(name);
        return new AssetFile(
            name, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], type, bytes,
            type.StartsWith("font/", StringComparison.Ordinal) ? null : Compress(bytes));
    }

    public async Task Serve(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.ETag = $"\"{Hash}\"";
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        // A link without the hash (a font in a style sheet, a bookmark) is asked for again.
        response.Headers.CacheControl = request.Query["v"] == Hash
            ? "public, max-age=31536000, immutable"
            : "public, no-cache";
        if (request.Headers.IfNoneMatch == response.Headers.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var body = Bytes;
        if (Brotli is not null && request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "br";
            body = Brotli;
        }
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var brotli = new BrotliStream(buffer, CompressionLevel.Optimal)) brotli.Write(bytes);
        return buffer.ToArray();
    }

    private static string TypeOf(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        var other => throw new NotSupportedException($"{name}: no content type for {other}."),
    };
}
