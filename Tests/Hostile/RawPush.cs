using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>A push put together byte by byte, by an implementation of the wire that is not the product's.</summary>
internal sealed class RawPush(EmbeddedFleet fleet, string path)
{
    public const string Capabilities = "report-status side-band-64k atomic agent=test";
    public static readonly byte[] Flush = "0000"u8.ToArray();

    /// <summary>A pack of no objects.</summary>
    public static byte[] EmptyPack { get; } = WithTrailer([.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 0]);

    public string Url => $"/git/default/{path}.git/git-receive-pack";

    public static byte[] Line(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return [.. Encoding.ASCII.GetBytes((bytes.Length + 4).ToString("x4", CultureInfo.InvariantCulture)), .. bytes];
    }

    public static byte[] WithTrailer(byte[] pack) => [.. pack, .. Sha1(pack)];

    public static byte[] Commands(string capabilities, params IEnumerable<RefUpdate> updates)
    {
        var body = new MemoryStream();
        var first = "\0 " + capabilities;
        foreach (var update in updates)
        {
            body.Write(Line($"{update.Old} {update.New} {update.Name}{first}\n"));
            first = "";
        }
        body.Write(Flush);
        return body.ToArray();
    }

    /// <summary>Sends a request body; git's report stands readable in the text, whatever its framing.</summary>
    public async Task<(int Status, string Text)> Send(params IEnumerable<byte[]> parts)
    {
        using var content = new ByteArrayContent([.. parts.SelectMany(p => p)]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-receive-pack-request");
        using var answer = await fleet.Api.Http.PostAsync(new Uri(Url, UriKind.Relative), content);
        return ((int)answer.StatusCode, Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync()));
    }

    /// <summary>Head of the same request for <see cref="RawHttp"/>, whose body may then break off.</summary>
    public byte[] Head(long length) => RawHttp.Head(
        $"POST {Url} HTTP/1.1", $"Authorization: Bearer {fleet.Token}",
        "Content-Type: application/x-git-receive-pack-request",
        string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}"));

    /// <summary>Packs what <paramref name="revisions"/> (as for rev-list, a line each) name.</summary>
    public static async Task<byte[]> Pack(GitWork work, string revisions) => await Pack(work, "--revs", revisions);

    /// <summary>Packs exactly the objects named, a line each.</summary>
    public static async Task<byte[]> PackOnly(GitWork work, string objects) => await Pack(work, "-q", objects);

    private static async Task<byte[]> Pack(GitWork work, string option, string input)
    {
        using var folder = new TestFolder("pack");
        var pack = work.In(work.Path, "pack-objects", "-q", option, folder["p"]) with
        {
            Input = Encoding.ASCII.GetBytes(input + "\n"),
        };
        var name = (await pack.Run()).MustSucceed().Output.Trim();
        return await File.ReadAllBytesAsync(folder[$"p-{name}.pack"]);
    }

#pragma warning disable CA5350 // A pack's trailer is SHA-1 by its format.
    private static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350
}
