using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>How a session, or the attempt to open one, ended.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Reason">For people.</param>
/// <param name="Stood">How long it had stood.</param>
internal sealed record SessionEnd(SessionEndKind Kind, string Reason, TimeSpan Stood);

/// <summary>One session with one silo, from the connection to its end.</summary>
internal sealed class SessionRun(
    SessionMessage.Hello hello, SessionSocket socket, SiloList silos, EpochFile epochs, TimeProvider clock)
{
    private const int MissedBeatsMax = 3;

    private SessionMessage.Welcome? _welcome;
    private long _heardAt;

    /// <summary>Runs it to its end; never throws.</summary>
    /// <param name="silo">With whom.</param>
    /// <param name="openLimit">How long it may take until the welcome.</param>
    /// <param name="stands">Called when the session stands.</param>
    /// <param name="stopping">The agent ends.</param>
    public async Task<SessionEnd> Run(Uri silo, TimeSpan openLimit, Action stands, CancellationToken stopping)
    {
        var since = clock.GetTimestamp();
        try
        {
            if (await Open(silo, openLimit, stopping) is { } end) return end;
            stands();
            since = clock.GetTimestamp();
            var (kind, reason) = await Hold(stopping);
            return new SessionEnd(kind, reason, clock.GetElapsedTime(since));
        }
        catch (Exception e) when (SessionSocket.IsEnd(e))
        {
            return _welcome is null
                ? new SessionEnd(SessionEndKind.NotOpened, e.Message, TimeSpan.Zero)
                : new SessionEnd(SessionEndKind.Lost, e.Message, clock.GetElapsedTime(since));
        }
    }

    private async Task<SessionEnd?> Open(Uri silo, TimeSpan openLimit, CancellationToken stopping)
    {
        using var opening = new CancellationTokenSource(openLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(opening.Token, stopping);
        await socket.Connect(silo, either.Token);
        await socket.Send(hello, either.Token);
        switch (await socket.Receive(either.Token))
        {
            case SessionMessage.Welcome welcome when Take(welcome):
                return null;
            case SessionMessage.Welcome welcome:
                return new SessionEnd(
                    SessionEndKind.NotOpened, $"it gives epoch {welcome.SessionEpoch}, which is over", TimeSpan.Zero);
            case SessionMessage.GoAway away:
                return new SessionEnd(
                    away.Retry ? SessionEndKind.NotOpened : SessionEndKind.Refused, away.Reason, TimeSpan.Zero);
            case var other:
                return new SessionEnd(
                    SessionEndKind.NotOpened, $"its first word was {other?.GetType().Name ?? "its end"}",
                    TimeSpan.Zero);
        }
    }

    // Only the highest epoch ever seen is obeyed; a provisional session has none and commands nothing.
    private bool Take(SessionMessage.Welcome welcome)
    {
        if (welcome.SessionEpoch is { } epoch && !epochs.Accept(epoch, _welcome?.SessionEpoch)) return false;
        _welcome = welcome;
        silos.Learn(welcome.Silos);
        return true;
    }

    private TimeSpan BeatInterval => TimeSpan.FromMilliseconds(Math.Clamp(_welcome!.BeatIntervalMs, 50, 60_000));

    private async Task<(SessionEndKind Kind, string Reason)> Hold(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Volatile.Write(ref _heardAt, clock.GetTimestamp());
        var listening = Listen(ending.Token);
        var (kind, reason) = await Beat(listening, stopping);
        // An agent that goes on is not gone: it says that it will be back, here or elsewhere.
        await socket.Close(new SessionMessage.GoAway(reason, Retry: !stopping.IsCancellationRequested));
        await ending.CancelAsync();
        await listening;
        return (kind, reason);
    }

    private async Task<(SessionEndKind Kind, string Reason)> Beat(
        Task<(SessionEndKind Kind, string Reason)> listening, CancellationToken stopping)
    {
        var interval = BeatInterval;
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (!listening.IsCompleted)
            {
                if (clock.GetElapsedTime(Volatile.Read(ref _heardAt)) > MissedBeatsMax * interval)
                    return (SessionEndKind.Silent, "the silo missed three beats");
                // A peer that reads nothing must not hold up the count of its missed beats.
                await socket.Send(new SessionMessage.Beat(), stopping).WaitAsync(
                    MissedBeatsMax * interval, clock, stopping);
                await Task.WhenAny(listening, timer.WaitForNextTickAsync(stopping).AsTask());
            }
            return await listening;
        }
        catch (TimeoutException)
        {
            return (SessionEndKind.Silent, "the silo reads nothing");
        }
        catch (Exception e) when (SessionSocket.IsEnd(e))
        {
            return (SessionEndKind.Lost, stopping.IsCancellationRequested ? "the agent ends" : e.Message);
        }
    }

    private async Task<(SessionEndKind Kind, string Reason)> Listen(CancellationToken ending)
    {
        try
        {
            while (await socket.Receive(ending) is { } message)
            {
                Volatile.Write(ref _heardAt, clock.GetTimestamp());
                if (message is SessionMessage.GoAway away)
                    return (away.Retry ? SessionEndKind.SentAway : SessionEndKind.Refused, away.Reason);
                if (message is SessionMessage.Welcome welcome && !Take(welcome))
                    return (SessionEndKind.SentAway, $"it gives epoch {welcome.SessionEpoch}, which is over");
            }
            return (SessionEndKind.Lost, "the silo closed it");
        }
        catch (Exception e) when (SessionSocket.IsEnd(e))
        {
            return (SessionEndKind.Lost, e.Message);
        }
    }
}
