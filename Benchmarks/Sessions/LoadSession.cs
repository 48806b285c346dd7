using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;

namespace Aedile.Benchmarks.Sessions;

/// <summary>One agent's session as the silo sees it: hello, beats, a copy of the model, a status when asked.</summary>
internal sealed class LoadSession(NodeName node, Uri silo, string token) : IDisposable
{
    private static readonly byte[] BeatText = BytesOf(SessionMessage.Beat.Instance);
    private static readonly byte[] PieceEnd = "\"end\":{"u8.ToArray();

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private int _pieces;
    private int _heard;

    /// <summary>Whole changes of the copy that came.</summary>
    public int Changes => Volatile.Read(ref _pieces);

    /// <summary>Messages that came.</summary>
    public int Heard => Volatile.Read(ref _heard);

    /// <summary>Whether the silo has ended it.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Connects; completes when the silo has welcomed it. What follows is read in the background.</summary>
    public async Task Open(CancellationToken cancellation)
    {
        _socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        var address = new UriBuilder(silo) { Scheme = "ws", Path = "/v1/agents/session" }.Uri;
        await _socket.ConnectAsync(address, cancellation);
        await Send(BytesOf(new SessionMessage.Hello(
            node, new Guid(node.Value.GetHashCode(StringComparison.Ordinal), 1, 0, new byte[8]), 1,
            new Uri("http://127.0.0.1:1/"), ["storage"], "1.0", 1, 0, LastEvent: 1)));
        var welcomed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Read(welcomed);
        await welcomed.Task.WaitAsync(cancellation);
        await Send(BytesOf(new SessionMessage.CopyWanted(CopyPoint.Nothing)));
    }

    /// <summary>Beats.</summary>
    public Task Beat() => Send(BeatText);

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }

    private static byte[] BytesOf(SessionMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Wire.Json);

    private async Task Read(TaskCompletionSource welcomed)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType is WebSocketMessageType.Close) break;
                Interlocked.Increment(ref _heard);
                if (length <= BeatText.Length) continue;
                await Take(buffer.AsMemory(0, length), welcomed);
            }
        }
        catch (Exception error) when (error is WebSocketException or ObjectDisposedException or IOException)
        {
            // It ended; the count says so.
        }

        HasEnded = true;
        welcomed.TrySetException(new IOException("The silo ended the session before its welcome."));
    }

    private async Task Take(ReadOnlyMemory<byte> text, TaskCompletionSource welcomed)
    {
        // The driver shall not cost more than the silo: what an agent would parse is only looked at.
        if (text.Span.IndexOf("\"welcome\""u8) >= 0) welcomed.TrySetResult();
        else if (text.Span.IndexOf("\"copy-piece\""u8) >= 0 && text.Span.IndexOf(PieceEnd) >= 0)
            Interlocked.Increment(ref _pieces);
        else if (text.Span.IndexOf("\"status-wanted\""u8) >= 0)
            await Send(BytesOf(new SessionMessage.StatusEvent(
                1, true, new MachineStatus("Linux", "1.0", 2, 1L << 34, 1L << 33, 1L << 40, 1L << 39),
                new StorageStatus(100, 0, 0, 0, false, false))));
        else if (text.Span.IndexOf("\"go-away\""u8) >= 0)
            await Console.Error.WriteLineAsync(Encoding.UTF8.GetString(text.Span));
    }

    private async Task Send(byte[] text)
    {
        await _sending.WaitAsync();
        try { await _socket.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None); }
        catch (Exception error) when (error is WebSocketException or ObjectDisposedException or IOException)
        {
            HasEnded = true;
        }
        finally { _sending.Release(); }
    }
}
