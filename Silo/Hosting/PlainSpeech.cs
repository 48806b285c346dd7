using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Aedile.Silo.Hosting;

/// <summary>
/// Tells who speaks plain HTTP to a port of TLS what is wrong; without it the connection would be cut without a word.
/// </summary>
internal sealed class PlainSpeech(ConnectionDelegate next, TimeSpan limit, TimeProvider clock)
{
    private const byte TlsHandshake = 0x16; // The first byte of every TLS connection (RFC 8446, 5.1).

    private static readonly byte[] Words =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\r\n"u8.ToArray();

    private static readonly byte[] Problem = """
        {"type":"urn:aedile:tls-needed","title":"This port speaks TLS","status":400,"detail":"Use https."}

        """u8.ToArray();

    /// <summary>Passes a connection on that begins as TLS does; answers any other and ends it.</summary>
    public async Task Answer(ConnectionContext connection)
    {
        using var patience = new CancellationTokenSource(limit, clock);
        var input = connection.Transport.Input;
        ReadResult first;
        try
        {
            first = await input.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return; // It says nothing: the connection ends with this call.
        }
        var isTls = !first.Buffer.IsEmpty && first.Buffer.FirstSpan[0] is TlsHandshake;
        var isOver = first.Buffer.IsEmpty;
        input.AdvanceTo(first.Buffer.Start);
        if (isTls)
        {
            await next(connection);
            return;
        }
        if (isOver) return;
        await connection.Transport.Output.WriteAsync(Words, patience.Token);
        await connection.Transport.Output.WriteAsync(Problem, patience.Token);
    }
}
