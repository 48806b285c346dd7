using System.Threading.Channels;
using Aedile.Agent.Model;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Fleet;

/// <summary>How a session, or the attempt to open one, ended.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Reason">For people.</param>
/// <param name="Stood">How long it had stood.</param>
/// <param name="Next">The silo to go to; null when there is none that is known to be better.</param>
internal sealed record SessionEnd(SessionEndKind Kind, string Reason, TimeSpan Stood, Uri? Next = null);

/// <summary>One session with one silo, from the connection to its end.</summary>
internal sealed class SessionRun(
    SessionMessage.Hello hello, SessionSocket socket, SiloList silos, EpochFile epochs, SessionWork work,
    TimeProvider clock)
{
    private const int MissedBeatsMax = 3;
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<SessionMessage> _outbox = Channel.CreateUnbounded<SessionMessage>(
        new UnboundedChannelOptions { SingleReader = true });

    private SessionMessage.Welcome? _welcome;
    private Uri? _silo;
    private Task<Uri?> _probing = Task.FromResult<Uri?>(null);
    private long _heardAt;

    /// <summary>Runs it to its end; never throws.</summary>
    /// <param name="silo">With whom.</param>
    /// <param name="openLimit">How long it may take until the welcome.</param>
    /// <param name="stands">Called when the session stands.</param>
    /// <param name="stopping">The agent ends.</param>
    public async Task<SessionEnd> Run(Uri silo, TimeSpan openLimit, Action stands, CancellationToken stopping)
    {
        var since = clock.GetTimestamp();
        _silo = silo;
        try
        {
            if (await Open(silo, openLimit, stopping) is { } end) return end;
            stands();
            since = clock.GetTimestamp();
            var (kind, reason) = await Hold(stopping);
            return new SessionEnd(kind, reason, clock.GetElapsedTime(since), await _probing);
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
        // Not linked to the agent's end: cancelling a read breaks the WebSocket off, and no goodbye could be said.
        using var ending = new CancellationTokenSource();
        Hear();
        _outbox.Writer.TryWrite(work.Model.Begin());
        work.Status.Attach(Answer, hello.LastEvent);
        var listening = Listen(ending.Token);
        var (kind, reason) = await Speak(listening, stopping);
        work.Status.Detach();
        // An agent that goes on is not gone: it says that it will be back, here or elsewhere.
        await socket.Close(new SessionMessage.GoAway(reason, Retry: !stopping.IsCancellationRequested));
        await ending.CancelAsync();
        await listening;
        return (kind, reason);
    }

    private async Task<(SessionEndKind Kind, string Reason)> Speak(
        Task<(SessionEndKind Kind, string Reason)> listening, CancellationToken stopping)
    {
        var interval = BeatInterval;
        using var timer = new PeriodicTimer(interval, clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            var (tick, wanted) = (Task.FromResult(true), Wanted());
            while (!listening.IsCompleted)
            {
                if (tick.IsCompleted)
                {
                    await tick;
                    if (clock.GetElapsedTime(Volatile.Read(ref _heardAt)) > MissedBeatsMax * interval)
                        return (SessionEndKind.Silent, "the silo missed three beats");
                    await Send(SessionMessage.Beat.Instance);
                    tick = timer.WaitForNextTickAsync(stopping).AsTask();
                }

                while (_outbox.Reader.TryRead(out var message)) await Send(message);
                if (wanted.IsCompleted) wanted = Wanted();
                if (_probing is { IsCompleted: true, Result: not null })
                    return (SessionEndKind.SentAway, "another silo is further");
                await Task.WhenAny(listening, tick, wanted);
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
        finally
        {
            await waiting.CancelAsync();
        }

        Task<bool> Wanted() => _outbox.Reader.WaitToReadAsync(waiting.Token).AsTask();

        // A peer that reads nothing must not hold up the count of its missed beats.
        Task Send(SessionMessage message) =>
            socket.Send(message, CancellationToken.None).WaitAsync(MissedBeatsMax * interval, clock, stopping);
    }

    private void Hear() => Volatile.Write(ref _heardAt, clock.GetTimestamp());

    private async Task<(SessionEndKind Kind, string Reason)> Listen(CancellationToken ending)
    {
        try
        {
            while (await socket.Receive(ending, Hear) is { } message)
            {
                Hear();
                switch (message)
                {
                    case SessionMessage.GoAway away:
                        return (away.Retry ? SessionEndKind.SentAway : SessionEndKind.Refused, away.Reason);
                    case SessionMessage.Welcome welcome when !Take(welcome):
                        return (SessionEndKind.SentAway, $"it gives epoch {welcome.SessionEpoch}, which is over");
                    case SessionMessage.StatusWanted wanted:
                        work.Status.Answer(wanted);
                        break;
                    case SessionMessage.CopyPiece piece:
                        Answer(work.Model.Take(piece));
                        break;
                    case SessionMessage.CopyMark mark:
                        Answer(work.Model.Take(mark));
                        Compare(mark.At, ending);
                        break;
                }
            }

            return (SessionEndKind.Lost, "the silo closed it");
        }
        catch (Exception e) when (SessionSocket.IsEnd(e))
        {
            return (SessionEndKind.Lost, e.Message);
        }
    }

    private void Answer(SessionMessage? message)
    {
        if (message is not null) _outbox.Writer.TryWrite(message);
    }

    // The silo can't ask the database: perhaps it alone. Then this session is better off elsewhere.
    private void Compare(CopyPoint at, CancellationToken ending)
    {
        if (LagRule.Lags(at) && _probing is { IsCompleted: true, Result: null }) _probing = Probe(at, ending);
    }

    private async Task<Uri?> Probe(CopyPoint at, CancellationToken ending)
    {
        using var limit = new CancellationTokenSource(ProbeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ending);
        var better = await work.Probe.FindBetter(_silo!, at, either.Token);
        if (better is not null) work.Log.CopyLags(at.AgeMs / 1000, better);
        return better;
    }
}
