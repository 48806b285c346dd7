using System.Net.WebSockets;
using System.Text.Json;
using Aedile.Agent.Identity;
using Aedile.Client;
using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>The agent's end of one WebSocket. One sender and one receiver at a time.</summary>
internal sealed class SessionSocket : IDisposable
{
    // A definition may have 1 MiB as the administrator sent it; written with escapes it can be some times that.
    private const int MessageMax = 8 * 1024 * 1024;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket = new();
    private readonly TimeProvider _clock;

    public SessionSocket(Credentials credentials, SiloTls tls, TimeProvider clock)
    {
        _clock = clock;
        var options = _socket.Options;
        options.SetRequestHeader("Authorization", $"Bearer {credentials.Grant.Token}");
        options.ClientCertificates.Add(credentials.Certificate);
        options.RemoteCertificateValidationCallback = (_, shown, _, errors) =>
            tls.IsSilo(credentials.Trust, shown, errors);
    }

    /// <summary>Whether an error is one of the connection, or of what came over it.</summary>
    public static bool IsEnd(Exception error) =>
        error is WebSocketException or HttpRequestException or IOException or JsonException
            or OperationCanceledException;

    /// <summary>Connects; a name in the address is resolved now.</summary>
    public Task Connect(Uri silo, CancellationToken cancellation) => _socket.ConnectAsync(Address(silo), cancellation);

    /// <summary>Sends one message.</summary>
    public Task Send(SessionMessage message, CancellationToken cancellation) => _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(message, Wire.Json), WebSocketMessageType.Text, true, cancellation);

    /// <summary>Receives one message; null when the silo closed.</summary>
    /// <param name="cancellation">Gives up; the connection can't be used any more then.</param>
    /// <param name="heard">Called for each part that came: a large message is no silence.</param>
    public async Task<SessionMessage?> Receive(CancellationToken cancellation, Action? heard = null)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, 2 * length);
            var read = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (read.MessageType is WebSocketMessageType.Close) return null;
            heard?.Invoke();
            length += read.Count;
            if (length > MessageMax) throw new IOException("The silo sent a message that is too long.");
            if (read.EndOfMessage)
                return JsonSerializer.Deserialize<SessionMessage>(buffer.AsSpan(0, length), Wire.Json);
        }
    }

    /// <summary>
    /// Says goodbye, so that the silo knows at once and not after three beats; if it still listens.
    /// </summary>
    public async Task Close(SessionMessage.GoAway goodbye)
    {
        using var limit = new CancellationTokenSource(CloseLimit, _clock);
        try
        {
            if (_socket.State is not WebSocketState.Open) return;
            // A silo that reads nothing must not hold the agent up.
            await Send(goodbye, limit.Token).WaitAsync(limit.Token);
            await _socket
                .CloseOutputAsync(WebSocketCloseStatus.NormalClosure, CloseText.Of(goodbye.Reason), limit.Token)
                .WaitAsync(limit.Token);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // It ends anyway.
        }
    }

    public void Dispose() => _socket.Dispose();

    private static Uri Address(Uri silo) => new UriBuilder(silo)
    {
        Scheme = silo.Scheme == "https" ? "wss" : "ws", Path = "/v1/agents/session",
    }.Uri;
}
