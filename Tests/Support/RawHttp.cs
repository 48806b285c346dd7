using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Aedile.Tests.Support;

/// <summary>An answer as it came over the socket.</summary>
/// <param name="Status">Its status code; 0 when the connection ended without an answer.</param>
/// <param name="Text">Status line, headers and body, a character a byte.</param>
public sealed record RawAnswer(int Status, string Text);

/// <summary>HTTP/1.1 by hand: says what no client library would say.</summary>
public static class RawHttp
{
    /// <summary>Head of a request, ready to be followed by a body.</summary>
    /// <param name="line">As in <c>GET / HTTP/1.1</c>, sent as it is.</param>
    /// <param name="headers">Beside Host and Connection.</param>
    public static byte[] Head(string line, params IEnumerable<string> headers) => Encoding.Latin1.GetBytes(
        $"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    /// <summary>Sends the bytes, and nothing more, and reads until the other side closes.</summary>
    public static async Task<RawAnswer> Send(int port, params IEnumerable<byte[]> parts)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var answer = ReadToEnd(stream, limit.Token);
        try { foreach (var part in parts) await stream.WriteAsync(part, limit.Token); }
        catch (IOException) { } // Refused before the end; the answer says why.
        var text = await answer;
        var status = text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? text[9..12] : "0";
        return new RawAnswer(int.Parse(status, CultureInfo.InvariantCulture), text);
    }

    private static async Task<string> ReadToEnd(NetworkStream stream, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        try { await stream.CopyToAsync(answer, cancellation); }
        catch (IOException) { } // A reset after the answer: the server does not want the rest of the request.
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
