using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Runtime;
using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>Brings a silo's calls of observers, and those that come to it, to the processes they live in.</summary>
/// <remarks>
/// An observer of a silo is called over the link with that silo; one of a client over the client's own link, by the
/// silo it is connected to. Nothing here waits inside of a link's receiver.
/// </remarks>
internal sealed class ObserverDesk(
    Silo silo, SiloAddress self, SiloPeers peers, ClientRoster clients, ClientLocator locator, Lazy<CallWire> wire,
    Func<long> view) : ITransport, IForwardDesk
{
    /// <summary>
    /// How long a call waits for a process that can't be reached: a client that lost its gateway has another one in a
    /// second or so. One that is known to be away for so long is not waited for again.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly OneWayGate _oneWays = new();

    public long ViewVersion => view();

    public string Name => $"silo {self}";

    public void Send(Call call)
    {
        if (LinkFor(ObserverId.ProcessOf(call.Target)) is { } link && link.TrySend(call, FrameKind.Notice)) return;
        Later(new ObserverCall(call, silo.Log));
    }

    /// <summary>Sends a call once more that surely did not run.</summary>
    public void Retry(Call call)
    {
        locator.Forget(ObserverId.ProcessOf(call.Target));
        Later(new ObserverCall(call, silo.Log));
    }

    /// <inheritdoc cref="ILinkOwner.Notify"/>
    public void Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        GrainId target;
        try
        {
            target = CallWire.ReadGrain(wire.Value.Read(frame));
            if (!ObserverId.IsOne(target) || ObserverId.ProcessOf(target).Length == 0)
                throw new WireException($"{target} is no observer.");
        }
        catch (WireException error)
        {
            Answer(link, header, AnswerStatus.Refused, error.Message);
            return;
        }

        var process = ObserverId.ProcessOf(target);
        if (silo.Observers.IsOwn(target)) silo.Observers.Serve(link, header, frame);
        else if (link.Kind == PeerKind.Client || clients.Find(process) is not null) PassOn(link, header, frame, target);
        // The silo that sent it looks for the client again: it knows who waits, and for how long.
        else Answer(link, header, AnswerStatus.NotHere, $"Client {process} isn't connected here.");
    }

    public void Accept(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame, GrainId target) =>
        silo.Observers.Serve(link, header, frame);

    public void Dropped(GrainId target, string reason) => silo.Log.NoticeDropped("a call", target, reason);

    /// <summary>Answers other silos whether a client is here.</summary>
    public ClientReply Has(ClientQuestion question) => new(clients.Find(question.Client) is not null);

    private void PassOn(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame, GrainId target)
    {
        var request = new ForwardedRequest(this, link, header, frame.Span, target, silo.Clock);
        if (LinkFor(ObserverId.ProcessOf(target)) is not { } open || !request.TrySend(open)) Later(request);
    }

    private PeerLink? LinkFor(string process)
    {
        if (ObserverId.SiloOf(process) is { } home) return peers[home].Link;
        return clients.Find(process) ?? (locator.Known(process) is { } gateway ? peers[gateway].Link : null);
    }

    // Not on the caller's stack: that may be a grain's turn, and waiting would go on inside of that grain.
    private void Later(IRoutable request) => silo.Runner.Run(new Wait(this, request));

    /// <summary>Goes on until the call was handed over, refused or abandoned. It never throws.</summary>
    private async Task Go(IRoutable request)
    {
        if (!request.IsOneWay) await GoOn(request);
        else if (_oneWays.TryEnter())
        {
            await GoOn(request);
            _oneWays.Leave();
        }
        else request.TurnAway(new SiloUnavailableException("Too many one-way calls of observers wait already."));
    }

    private async Task GoOn(IRoutable request)
    {
        var began = silo.Clock.GetTimestamp();
        var process = ObserverId.ProcessOf(request.Target);
        while (!request.IsAbandoned)
        {
            if (await TryOnce(request, process) is not { } reason) return;
            var waited = ObserverId.SiloOf(process) is null
                ? locator.AbsentFor(process)
                : silo.Clock.GetElapsedTime(began);
            if (reason.Error is SiloUnavailableException || waited >= Patience)
            {
                request.TurnAway(new SiloUnavailableException(
                    $"Observer {request.Target} can't be called: {reason.Text}", reason.Error));
                return;
            }

            request.Waits(reason.Text);
            await Task.Delay(Pause, silo.Clock);
        }
    }

    /// <returns>Why it is still here; null: it is not.</returns>
    private async Task<Obstacle?> TryOnce(IRoutable request, string process)
    {
        try
        {
            if (ObserverId.SiloOf(process) is { } home)
            {
                var direct = await peers[home].Connect();
                return request.TrySend(direct) ? null : new Obstacle("its link has just ended");
            }

            if (clients.Find(process) is { } own && request.TrySend(own)) return null;
            if (await locator.Find(process) is not { } gateway)
                return new Obstacle($"client {process} is connected to no silo");
            var link = await peers[gateway].Connect();
            if (request.TrySend(link)) return null;
            return new Obstacle($"the link with {gateway} has just ended");
        }
        catch (Exception error) when (error is IOException or TimeoutException)
        {
            return new Obstacle(error.Message, error);
        }
        catch (SiloUnavailableException error)
        {
            locator.Forget(process); // If it was a gateway, the client has another one soon.
            return ObserverId.SiloOf(process) is null
                ? new Obstacle(error.Message)
                : new Obstacle(error.Message, error);
        }
    }

    private static void Answer(PeerLink link, FrameHeader header, AnswerStatus status, string reason)
    {
        if (!header.Flags.HasFlag(FrameFlags.OneWay)) link.SendAnswer(header.Number, status, reason);
    }

    private sealed record Obstacle(string Text, Exception? Error = null);

    private sealed class Wait(ObserverDesk desk, IRoutable request) : IThreadPoolWorkItem
    {
        public void Execute() => _ = desk.Go(request);
    }
}
