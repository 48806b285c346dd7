using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Aedile.Benchmarks.Model;

/// <summary>
/// Requests to etcd, each by its two doors: gRPC, and JSON over HTTP/1.1. Fields are numbered as in etcd's
/// <c>rpc.proto</c>.
/// </summary>
internal static class EtcdCalls
{
    private static readonly string[] GrpcHeaders = ["content-type: application/grpc", "te: trailers"];
    private static readonly byte[] SerializableFlag = [7 << 3, 1];
    private static readonly string[] JsonHeaders = ["content-type: application/json"];

    /// <summary>Reads a key: linearizable, or serializable, which any member answers by itself.</summary>
    public static (LoadTarget Grpc, LoadTarget Json) Range(Uri member, string key, bool isSerializable)
    {
        var serializable = isSerializable ? ",\"serializable\":true" : "";
        return (
            Grpc(member, "Range", [.. Text(1, key), .. isSerializable ? SerializableFlag : []]),
            Json(member, "range", $$"""{"key":"{{Base64(key)}}"{{serializable}} }"""));
    }

    /// <summary>Writes a key.</summary>
    public static (LoadTarget Grpc, LoadTarget Json) Put(Uri member, string key, string value) => (
        Grpc(member, "Put", [.. Text(1, key), .. Text(2, value)]),
        Json(member, "put", $$"""{"key":"{{Base64(key)}}","value":"{{Base64(value)}}"}"""));

    /// <summary>How many writes there have been.</summary>
    public static async Task<long> Revision(Uri member)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.PostAsJsonAsync(new Uri(member, "/v3/kv/range"), new { key = Base64("none") });
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var text = json.RootElement.GetProperty("header").GetProperty("revision").GetString()!;
        return long.Parse(text, CultureInfo.InvariantCulture);
    }

    private static LoadTarget Grpc(Uri member, string method, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return new LoadTarget([new Uri(member, $"/etcdserverpb.KV/{method}")], GrpcHeaders, frame, IsHttp2: true);
    }

    // A field of text, of up to 16,383 bytes, in the encoding of protocol buffers.
    private static byte[] Text(int field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        byte tag = (byte)((field << 3) | 2);
        return bytes.Length < 128
            ? [tag, (byte)bytes.Length, .. bytes]
            : [tag, (byte)((bytes.Length & 127) | 128), (byte)(bytes.Length >> 7), .. bytes];
    }

    private static LoadTarget Json(Uri member, string call, string body) =>
        new([new Uri(member, $"/v3/kv/{call}")], JsonHeaders, Encoding.UTF8.GetBytes(body), IsHttp2: false);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
