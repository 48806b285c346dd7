using System.Net.WebSockets;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;
using Aedile.Silo.Model.Copies;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Holds the agents' sessions: <c>/v1/agents/session</c>, a WebSocket with an agent's token.</summary>
internal sealed class SessionEndpoint(
    SessionKeeper keeper, AgentStanding standing, CopyFeed copies, NodeStatuses statuses,
    IOptions<FleetOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SessionEndpoint> log)
{
    // Far beyond any real count, and far from where adding one would overflow.
    private const long CountMax = 1L << 53;

    // A copy that is wrong is noticed, and one that lags, after so many beats.
    private const int BeatsBetweenMarks = 5;
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
        // Cancelling what is under way on a WebSocket breaks it off, and nothing can be said any more: it comes last.
        using var abort = new CancellationTokenSource();
        var (hello, refusal, mayRetry, listening) = await Greet(channel, abort.Token);
        if (hello is not null && standing.WhyNot(http, hello.Node) is var (why, _)) (hello, refusal) = (null, why);
        if (hello is null)
        {
            log.SessionRefused(refusal);
            await Leave(channel, refusal, mayRetry, Task.CompletedTask, listening, abort);
        }
        else
        {
            await Hold(http, channel, hello, abort);
        }
    }

    private async Task<(SessionMessage.Hello? Hello, string Refusal, bool MayRetry, Task Listening)> Greet(
        SessionChannel channel, CancellationToken abort)
    {
        using var limit = new CancellationTokenSource(options.Value.HelloLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime.ApplicationStopping);
        var greeting = Listen(channel, abort);
        await Task.WhenAny(greeting, WhenCancelled(either.Token));
        if (!greeting.IsCompleted)
        {
            // It was slow, or this silo stops: there are others.
            var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
            return (null, isStopping ? "The silo stops." : "No hello came in time.", true, greeting);
        }

        var (message, fault) = await greeting;
        return message is SessionMessage.Hello hello && (fault = FaultOf(hello)) is null
            ? (hello, "", false, greeting)
            : (null, fault ?? "The first message must be a hello.", false, greeting);
    }

    private static async Task<(SessionMessage? Message, string? Fault)> Listen(
        SessionChannel channel, CancellationToken abort)
    {
        try
        {
            return (await channel.Receive(abort), null);
        }
        catch (Exception error) when (IsEnd(error))
        {
            return (null, $"No hello came: {error.Message}");
        }
    }

    private static string? FaultOf(SessionMessage.Hello hello)
    {
        if (hello.Node == default) return "The hello names no node.";
        if (hello.Attempt is < 0 or > CountMax || hello.HighestEpoch is < 0 or > CountMax
            || hello.LastEvent is < 0 or > CountMax)
            return "The hello's attempt, epoch or event is out of bounds.";
        return !hello.Endpoint.IsAbsoluteUri || hello.Endpoint.Scheme is not ("http" or "https")
            ? $"The endpoint {hello.Endpoint} is no http address."
            : null;
    }

    private async Task Hold(
        HttpContext http, SessionChannel channel, SessionMessage.Hello hello, CancellationTokenSource abort)
    {
        var session = new NodeSession(hello, clock);
        var (began, replaced) = await keeper.Begin(session);
        if (!began)
        {
            const string Reason = "the agent has connected anew meanwhile";
            await Leave(channel, Reason, true, Task.CompletedTask, Task.CompletedTask, abort);
            return;
        }

        if (replaced is not null) log.SessionReplaced(hello.Node, hello.BootId, replaced.Hello.BootId);
        log.SessionBegan(hello.Node, hello.Pid, hello.Endpoint, hello.BootId, session.Epoch);

        using var silence = new CancellationTokenSource();
        // Not CancelAfter: each beat moves the moment, and the injected clock decides when it has come.
        await using var deadline = clock.CreateTimer(
            _ => silence.Cancel(), null, 3 * _beat, Timeout.InfiniteTimeSpan);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            silence.Token, session.Ended, lifetime.ApplicationStopping);
        using var copy = new SessionCopy(copies, CopyScope.Of(hello.Node, hello.Roles), session);
        var status = new SessionStatus(session, statuses, clock);
        status.Begin();
        var count = 0;
        await using var beats = clock.CreateTimer(
            _ =>
            {
                session.SendBeat();
                if (++count % BeatsBetweenMarks == 0) copy.MarkIsDue();
            }, null, _beat, _beat);
        var sending = Send(channel, session, copy, end, abort.Token);
        var listening = Listen(http, channel, session, copy, status, deadline, abort.Token);
        await Task.WhenAny(listening, WhenCancelled(end.Token));

        var (reason, isLeaving) = listening.IsCompleted ? await listening : ("it takes nothing any more", false);
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        if (session.Ended.IsCancellationRequested) reason = "the node has a newer session";
        else if (isStopping) reason = "the silo stops";
        else if (silence.IsCancellationRequested) reason = "three beats were missed";
        // A silo that stops sends its agents elsewhere.
        keeper.End(session, isLeaving || isStopping);
        log.SessionEnded(hello.Node, reason);
        await end.CancelAsync();
        await Leave(channel, reason, true, sending, listening, abort);
    }

    // Says goodbye, waits until the agent has read it and goes, and breaks off what is then still under way: who reads
    // nothing must not hold the silo up.
    private async Task Leave(
        SessionChannel channel, string reason, bool retry, Task sending, Task listening, CancellationTokenSource abort)
    {
        await using var limit = clock.CreateTimer(
            _ => abort.Cancel(), null, GoodbyeLimit, Timeout.InfiniteTimeSpan);
        await sending;
        await channel.Close(reason, retry, abort.Token);
        await listening;
    }

    private static async Task WhenCancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.UnsafeRegister(
            static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), cancelled);
        await cancelled.Task;
    }

    private async Task<(string Reason, bool IsLeaving)> Listen(
        HttpContext http, SessionChannel channel, NodeSession session, SessionCopy copy, SessionStatus status,
        ITimer deadline, CancellationToken abort)
    {
        try
        {
            while (await channel.Receive(abort) is { } message)
            {
                // Asked anew: a session must not outlive what let it in.
                if (message is not SessionMessage.GoAway
                    && standing.WhyNot(http, session.Hello.Node) is var (why, comesBack)) return (why, comesBack);
                switch (message)
                {
                    case SessionMessage.Beat: break;
                    case SessionMessage.StatusEvent said: status.Take(said); break;
                    case SessionMessage.CopyWanted wanted: copy.Want(wanted.Has); break;
                    case SessionMessage.GoAway away: return (away.Reason, away.Retry);
                    default: return ($"it sent a {message.GetType().Name}", false);
                }

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

    private static async Task Send(
        SessionChannel channel, NodeSession session, SessionCopy copy, CancellationTokenSource end,
        CancellationToken abort)
    {
        try
        {
            await foreach (var message in session.Outbox.ReadAllAsync(end.Token))
            {
                session.Taken(message);
                if (message is not null) await channel.Send(message, abort);
                else await SendCopy(channel, session, copy, end.Token, abort);
            }
        }
        catch (Exception error) when (IsEnd(error))
        {
            // The connection is broken, if the session doesn't end anyway.
            await end.CancelAsync();
        }
    }

    private static async Task SendCopy(
        SessionChannel channel, NodeSession session, SessionCopy copy, CancellationToken end, CancellationToken abort)
    {
        bool again;
        do
        {
            again = false;
            foreach (var piece in copy.Next())
            {
                end.ThrowIfCancellationRequested();
                await channel.Send(piece, abort);
                // Beats and welcomes don't wait behind a copy of many pieces.
                while (session.Outbox.TryRead(out var urgent))
                {
                    session.Taken(urgent);
                    if (urgent is null) again = true;
                    else await channel.Send(urgent, abort);
                }
            }
        }
        while (again);
    }

    private static bool IsEnd(Exception error) =>
        error is WebSocketException or OperationCanceledException or IOException or InvalidDataException;
}
