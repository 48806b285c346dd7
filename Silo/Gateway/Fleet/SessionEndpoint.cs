using System.Net.WebSockets;
using Aedile.Client.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Holds the agents' sessions: <c>/v1/agents/session</c>, a WebSocket with the fleet token.</summary>
internal sealed class SessionEndpoint(
    SessionKeeper keeper, IOptions<FleetOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<SessionEndpoint> log)
{
    // Far beyond any real count, and far from where adding one would overflow.
    private const long CountMax = 1L << 53;
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _beat = options.Value.BeatInterval;

    /// <summary>Runs one session to its end.</summary>
    public async Task Handle(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Problems.Write(http, Problems.NotAWebSocket());
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var channel = new SessionChannel(socket);
        var (hello, refusal) = await Greet(channel, lifetime.ApplicationStopping);
        var (reason, retry) = hello is null ? (refusal, false) : await Hold(channel, hello);
        if (hello is null) log.SessionRefused(reason);
        using var limit = new CancellationTokenSource(GoodbyeLimit, clock);
        await channel.Close(reason, retry, limit.Token);
    }

    private async Task<(SessionMessage.Hello? Hello, string Refusal)> Greet(
        SessionChannel channel, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(options.Value.HelloLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            if (await channel.Receive(either.Token) is not SessionMessage.Hello hello)
                return (null, "The first message must be a hello.");
            if (hello.Node == default) return (null, "The hello names no node.");
            if (hello.Attempt is < 0 or > CountMax || hello.HighestEpoch is < 0 or > CountMax)
                return (null, "The hello's attempt or epoch is out of bounds.");
            if (!hello.Endpoint.IsAbsoluteUri || hello.Endpoint.Scheme is not ("http" or "https"))
                return (null, $"The endpoint {hello.Endpoint} is no http address.");
            return (hello, "");
        }
        catch (Exception error) when (IsEnd(error))
        {
            return (null, $"No hello came: {error.Message}");
        }
    }

    private async Task<(string Reason, bool Retry)> Hold(SessionChannel channel, SessionMessage.Hello hello)
    {
        var session = new NodeSession(hello, clock);
        var (began, replaced) = await keeper.Begin(session);
        if (!began) return ("the agent has connected anew meanwhile", true);
        if (replaced is not null) log.SessionReplaced(hello.Node, hello.BootId, replaced.Hello.BootId);
        log.SessionBegan(hello.Node, hello.Pid, hello.Endpoint, hello.BootId, session.Epoch);

        using var silence = new CancellationTokenSource();
        // Not CancelAfter: each beat moves the moment, and the injected clock decides when it has come.
        await using var deadline = clock.CreateTimer(
            _ => silence.Cancel(), null, 3 * _beat, Timeout.InfiniteTimeSpan);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            silence.Token, session.Ended, lifetime.ApplicationStopping);
        await using var beats = clock.CreateTimer(_ => session.Send(new SessionMessage.Beat()), null, _beat, _beat);
        var sending = Send(channel, session, end);
        var (reason, isLeaving) = await Listen(channel, session, deadline, end.Token);
        if (session.Ended.IsCancellationRequested) reason = "the node has a newer session";
        else if (lifetime.ApplicationStopping.IsCancellationRequested) reason = "the silo stops";
        else if (silence.IsCancellationRequested) reason = "three beats were missed";
        // A silo that stops sends its agents elsewhere.
        keeper.End(session, isLeaving || lifetime.ApplicationStopping.IsCancellationRequested);
        log.SessionEnded(hello.Node, reason);
        await end.CancelAsync();
        await sending;
        return (reason, true);
    }

    private async Task<(string Reason, bool IsLeaving)> Listen(
        SessionChannel channel, NodeSession session, ITimer deadline, CancellationToken end)
    {
        try
        {
            while (await channel.Receive(end) is { } message)
            {
                if (message is SessionMessage.GoAway away) return (away.Reason, away.Retry);
                if (message is not SessionMessage.Beat) return ($"it sent a {message.GetType().Name}", false);
                session.Beat();
                deadline.Change(3 * _beat, Timeout.InfiniteTimeSpan);
            }
            return ("it closed the session", false);
        }
        catch (Exception error) when (IsEnd(error))
        {
            return (error.Message, false);
        }
    }

    private static async Task Send(SessionChannel channel, NodeSession session, CancellationTokenSource end)
    {
        try
        {
            await foreach (var message in session.Outbox.ReadAllAsync(end.Token))
                await channel.Send(message, end.Token);
        }
        catch (Exception error) when (IsEnd(error))
        {
            // The listener waits on the same connection; it must not wait for a silent one longer than we could.
            await end.CancelAsync();
        }
    }

    private static bool IsEnd(Exception error) =>
        error is WebSocketException or OperationCanceledException or IOException or InvalidDataException;
}
