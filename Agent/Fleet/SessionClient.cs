using System.Net.WebSockets;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>
/// Keeps one session open to a silo. When it ends the next silo is tried at once, then with full jitter over a growing
/// bound, so that a thousand agents don't come back in step.
/// </summary>
internal sealed class SessionClient(
    SessionMessage.Hello hello, SiloList silos, FleetToken token, TimeProvider clock, Random chance,
    ILogger<SessionClient> log)
{
    private const int MessageMax = 64 * 1024;
    private const int MissedBeatsMax = 3;
    private static readonly TimeSpan WelcomeWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BackoffFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefusedWait = TimeSpan.FromSeconds(30);

    /// <summary>Whether a session stands.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Runs until cancelled; never throws.</summary>
    public async Task Run(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var silo = silos.Current;
            var end = await RunOne(silo, stopping);
            IsConnected = false;
            if (stopping.IsCancellationRequested) return;
            if (end.HadStood) failures = 0;
            var wait = end.MayRetry ? Backoff(failures++) : RefusedWait;
            // The first failure is news, its repetition is not.
            if (end.MayRetry && failures <= 1) log.SessionEnded(silo, end.Reason);
            else if (!end.MayRetry) log.SessionRefused(silo, end.Reason, wait.TotalSeconds);
            silos.Advance();
            try { await Task.Delay(wait, clock, stopping); }
            catch (OperationCanceledException) { return; } // The agent ends.
        }
    }

    private TimeSpan Backoff(int failures) => failures == 0
        ? TimeSpan.Zero
        : chance.NextDouble() * TimeSpan.FromTicks(
            Math.Min(BackoffMax.Ticks, BackoffFirst.Ticks << Math.Min(failures, 10)));

    private async Task<SessionEnd> RunOne(Uri silo, CancellationToken stopping)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token.Value}");
        var hadStood = false;
        try
        {
            using var opening = new CancellationTokenSource(WelcomeWait, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(opening.Token, stopping);
            await socket.ConnectAsync(Address(silo), either.Token);
            await Send(socket, hello, either.Token);
            switch (await Receive(socket, either.Token))
            {
                case SessionMessage.Welcome welcome:
                    hadStood = IsConnected = true;
                    log.SessionStands(silo);
                    return await Beat(
                        socket, TimeSpan.FromMilliseconds(Math.Clamp(welcome.BeatIntervalMs, 50, 60_000)), stopping);
                case SessionMessage.GoAway away:
                    return new SessionEnd(away.Reason, away.Retry, false);
                case var other:
                    return new SessionEnd(
                        $"the silo's first word was {other?.GetType().Name ?? "its end"}", true, false);
            }
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or JsonException
            or OperationCanceledException)
        {
            return new SessionEnd(e.Message, true, hadStood);
        }
    }

    private async Task<SessionEnd> Beat(ClientWebSocket socket, TimeSpan interval, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var heard = new Heard(clock.GetTimestamp());
        var listening = Listen(socket, heard, ending.Token);
        try
        {
            using var timer = new PeriodicTimer(interval, clock);
            do
            {
                if (listening.IsCompleted) return await listening;
                if (clock.GetElapsedTime(Volatile.Read(ref heard.At)) > MissedBeatsMax * interval)
                    return new SessionEnd("the silo missed three beats", true, true);
                // A peer that reads nothing must not hold up the count of its missed beats.
                await Send(socket, new SessionMessage.Beat(), stopping).WaitAsync(
                    MissedBeatsMax * interval, clock, stopping);
                await Task.WhenAny(listening, timer.WaitForNextTickAsync(stopping).AsTask());
            }
            while (!stopping.IsCancellationRequested);
            return new SessionEnd("the agent ends", true, true);
        }
        catch (TimeoutException)
        {
            return new SessionEnd("the silo reads nothing", true, true);
        }
        finally
        {
            if (stopping.IsCancellationRequested) await Close(socket);
            await ending.CancelAsync();
            await listening;
        }
    }

    private async Task<SessionEnd> Listen(ClientWebSocket socket, Heard heard, CancellationToken ending)
    {
        try
        {
            while (await Receive(socket, ending) is { } message)
            {
                Volatile.Write(ref heard.At, clock.GetTimestamp());
                if (message is SessionMessage.GoAway away) return new SessionEnd(away.Reason, away.Retry, true);
            }
            return new SessionEnd("the silo closed it", true, true);
        }
        catch (Exception e) when (e is WebSocketException or IOException or JsonException or OperationCanceledException)
        {
            return new SessionEnd(e.Message, true, true);
        }
    }

    // So that the silo knows at once, and not after three beats.
    private async Task Close(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
        try { await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "the agent ends", limit.Token); }
        catch (Exception e) when (
            e is WebSocketException or IOException or OperationCanceledException) { } // It ends anyway.
    }

    private static Task Send(ClientWebSocket socket, SessionMessage message, CancellationToken cancellation) =>
        socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(message, Wire.Json), WebSocketMessageType.Text, true, cancellation);

    private static async Task<SessionMessage?> Receive(ClientWebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, 2 * length);
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (read.MessageType is WebSocketMessageType.Close) return null;
            length += read.Count;
            if (length > MessageMax) throw new IOException("The silo sent a message that is too long.");
            if (read.EndOfMessage)
                return JsonSerializer.Deserialize<SessionMessage>(buffer.AsSpan(0, length), Wire.Json);
        }
    }

    private static Uri Address(Uri silo) => new UriBuilder(silo)
    {
        Scheme = silo.Scheme == "https" ? "wss" : "ws", Path = "/v1/agents/session",
    }.Uri;

    private sealed record SessionEnd(string Reason, bool MayRetry, bool HadStood);

    private sealed class Heard(long at)
    {
        public long At = at;
    }
}
