using System.Net.WebSockets;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Sends and receives session messages over one WebSocket. One sender and one receiver at a time.</summary>
internal sealed class SessionChannel(WebSocket socket)
{
    private const int MessageBytesMax = 16 * 1024;
    private const int BufferBytesMin = 256;

    // Thousands come and go each second, and all are alike.
    private static readonly byte[] BeatText = BytesOf(SessionMessage.Beat.Instance);

    // Most agents never say more than their hello and beats.
    private byte[] _buffer = new byte[BufferBytesMin];

    /// <summary>Sends one message.</summary>
    public ValueTask Send(SessionMessage message, CancellationToken cancellation) => socket.SendAsync(
        (ReadOnlyMemory<byte>)(message is SessionMessage.Beat ? BeatText : BytesOf(message)),
        WebSocketMessageType.Text, endOfMessage: true, cancellation);

    /// <summary>Receives one message; null when the other side closed in order.</summary>
    /// <exception cref="InvalidDataException">It isn't text, is too long or no message; the session must
    /// end.</exception>
    public async Task<SessionMessage?> Receive(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            if (length == MessageBytesMax)
                throw new InvalidDataException($"A message exceeds {MessageBytesMax} bytes.");
            if (length == _buffer.Length) Array.Resize(ref _buffer, 2 * length);
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (part.MessageType is WebSocketMessageType.Close) return null;
            if (part.MessageType is not WebSocketMessageType.Text)
                throw new InvalidDataException("A message is not text.");
            length += part.Count;
            if (part.EndOfMessage) return Parse(_buffer.AsSpan(0, length));
        }
    }

    /// <summary>Says goodbye, if the other side still listens.</summary>
    public async Task Close(string reason, bool retry, CancellationToken cancellation)
    {
        try
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            if (socket.State is WebSocketState.Open)
                await Send(new SessionMessage.GoAway(reason, retry), cancellation);
            await socket.CloseOutputAsync(
                WebSocketCloseStatus.NormalClosure, CloseText.Of(reason), cancellation);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // It is gone already; that is what we wanted.
        }
    }

    private static byte[] BytesOf(SessionMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Wire.Json);

    private static SessionMessage Parse(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual(BeatText)) return SessionMessage.Beat.Instance;
        try
        {
            return JsonSerializer.Deserialize<SessionMessage>(text, Wire.Json)
                ?? throw new InvalidDataException("A message is null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"A message can't be read: {error.Message}", error);
        }
    }
}
