using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;
using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>
/// A link to a known process: what waits for its answers, and what it waits for. Both ends use it alike.
/// </summary>
/// <remarks>
/// It ends in good order when both ends have said that they begin nothing new and each has had its answers. When it
/// breaks, everything that was handed to it may have run; what was not is tried elsewhere.
/// </remarks>
internal sealed class PeerLink(ILink link, Greeting peer, bool isDialled, ILinkOwner owner, TimeProvider clock)
    : ILinkReceiver
{
    private readonly TaskCompletionSource _ended = new(Continuations.Elsewhere);
    private readonly PendingTable _pending = new();
    private readonly ServedTable _served = new();
    private long _framesReceived;
    private int _senders;
    private int _retireSent;
    private volatile bool _isRetired;
    private volatile bool _hasPeerRetired;
    private volatile bool _hasEnded;

    public Greeting Peer => peer;

    public PeerKind Kind => peer.Silo is null ? PeerKind.Client : PeerKind.Silo;

    /// <summary>Completes when the link has ended, for whatever reason.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether this process dialled.</summary>
    public bool IsDialled => isDialled;

    /// <summary>Whether something new may be sent.</summary>
    public bool IsOpen => !_isRetired;

    public bool HasEnded => _hasEnded;

    /// <summary>How many frames have come from the other end: while this grows, it runs.</summary>
    public long FramesReceived => Volatile.Read(ref _framesReceived);

    /// <summary>Whether a request of the other end has no answer yet.</summary>
    public bool IsServing => !_served.IsEmpty;

    /// <summary>Sends a call, which then waits here for its answer.</summary>
    /// <returns>False when it was surely not sent: the link has retired or ended.</returns>
    public bool TrySend(Call call, FrameKind kind = FrameKind.Request)
    {
        var wire = owner.Wire;
        var writer = wire.Begin();
        try
        {
            var flags = wire.WriteRequest(writer, call);
            return TrySend(call, writer, flags, kind);
        }
        catch (Exception error) when (error is WireException or InvalidOperationException)
        {
            call.Fail(new OrleansException($"{call} can't be sent: {error.Message}", error));
            return true;
        }
        finally
        {
            wire.Return(writer);
        }
    }

    /// <summary>Sends a frame whose header is set here, and waits for its answer.</summary>
    /// <returns>The number under which it waits; 0 when it was surely not sent.</returns>
    public ulong TrySend(IAwaited awaited, Span<byte> frame, FrameHeader header)
    {
        if (!Enter()) return 0;
        var number = header.Flags.HasFlag(FrameFlags.OneWay) ? 0 : _pending.Add(awaited);
        var isSent = !TakeBack(number);
        if (isSent)
        {
            (header with { Number = number }).Write(frame);
            link.Send(frame);
        }

        Leave();
        return isSent ? Math.Max(number, 1) : 0;
    }

    public void SendAnswer(WireWriter writer, ulong number, AnswerStatus status, FrameKind kind = FrameKind.Response)
    {
        var frame = writer.Bytes;
        new FrameHeader(kind, default, status, 0, number, owner.ViewVersion, 0).Write(frame);
        link.Send(frame);
        _served.Remove(number);
        if (_isRetired) EndWhenIdle();
    }

    public void SendAnswer(ulong number, AnswerStatus status, string reason, FrameKind kind = FrameKind.Response)
    {
        var writer = owner.Wire.Begin();
        writer.Text(reason);
        SendAnswer(writer, number, status, kind);
        owner.Wire.Return(writer);
    }

    /// <summary>Passes an answer on under another number.</summary>
    public void PassAnswer(FrameHeader header, ReadOnlySpan<byte> frame, ulong number)
    {
        var writer = owner.Wire.Begin();
        writer.Raw(frame[FrameHeader.Length..]);
        SendAnswer(writer, number, header.Status);
        owner.Wire.Return(writer);
    }

    /// <summary>Says what a request that has no answer yet waits for.</summary>
    public void SendStatus(ulong number, string text)
    {
        if (!_served.Contains(number)) return;
        var writer = owner.Wire.Begin();
        writer.Text(text.Length <= StatusReports.TextMax ? text : text[..StatusReports.TextMax]);
        var frame = writer.Bytes;
        new FrameHeader(FrameKind.Status, default, default, 0, number, 0, 0).Write(frame);
        link.Send(frame);
        owner.Wire.Return(writer);
    }

    /// <summary>Says that nobody waits for what was sent under a number.</summary>
    public void SendCancel(ulong number, bool isByCaller)
    {
        if (_pending.Take(number) is null) return;
        Span<byte> frame = stackalloc byte[FrameHeader.Length];
        var flags = isByCaller ? FrameFlags.ByCaller : FrameFlags.None;
        new FrameHeader(FrameKind.Cancel, flags, default, 0, number, 0, 0).Write(frame);
        link.Send(frame);
        if (_isRetired) EndWhenIdle();
    }

    /// <summary>Called by a call that has ended: if it still waits here, the other end hears of it.</summary>
    public void Forget(Call call) => SendCancel(call.CarriedAs, call.IsCancelled);

    /// <summary>Notes what serves a request of the other end, so that it can be cancelled.</summary>
    public void AddServed(ulong number, object served) => _served.Add(number, served);

    /// <returns>
    /// Whether the request still waits for its answer: then the caller must give it, and the link stays until it has.
    /// </returns>
    public bool TakeServed(ulong number) => _served.Take(number) is not null;

    public ValueTask WhenWritable() => link.WhenWritable();

    /// <summary>Begins nothing new, and ends the link when everything on it has been answered. Idempotent.</summary>
    public void Retire()
    {
        _isRetired = true;
        Interlocked.MemoryBarrier(); // Either this sees the sender, or the sender sees that the link has retired.
        if (Volatile.Read(ref _senders) == 0) SendRetire();
    }

    /// <summary>Ends the link at once.</summary>
    public void Close(Exception? reason) => link.Close(reason);

    public void Received(ReadOnlyMemory<byte> frame)
    {
        Volatile.Write(ref _framesReceived, _framesReceived + 1); // The link has one receiver.
        var header = FrameHeader.Read(frame.Span);
        switch (header.Kind)
        {
            case FrameKind.Request: owner.Serve(this, header, frame); break;
            case FrameKind.Response or FrameKind.Reply: Answered(header, frame); break;
            case FrameKind.Question: owner.Reply(this, header, frame); break;
            case FrameKind.Status: Delayed(header, frame); break;
            case FrameKind.Notice: owner.Notify(this, header, frame); break;
            case FrameKind.Cancel: CancelServed(header); break;
            case FrameKind.Retire:
                _hasPeerRetired = true;
                Retire();
                owner.Left(this, null);
                EndWhenIdle();
                break;
            default: throw new WireException($"{header.Kind} is no kind of frame: the other end may be newer.");
        }
    }

    public void Closed(Exception? reason)
    {
        _isRetired = true;
        _hasEnded = true;
        owner.Left(this, reason);
        foreach (var waiting in _pending.TakeAll())
        {
            var lost = new SiloUnavailableException(
                $"The link to {peer.Name} broke ({reason?.Message ?? "it was closed"}) while "
                + $"{(waiting is Call named ? named.ToString() : "a request")} waited there. It may have run.", reason);
            if (waiting is Call call) call.Fail(lost);
            else ((IAwaited)waiting).Broken(lost);
        }

        _ended.TrySetResult();
    }

    private bool TrySend(Call call, WireWriter writer, FrameFlags flags, FrameKind kind)
    {
        if (!Enter()) return false;
        var isOneWay = flags.HasFlag(FrameFlags.OneWay);
        var number = isOneWay ? 0 : _pending.Add(call);
        var isSent = !TakeBack(number);
        if (isSent)
        {
            call.Carry(this, number);
            var frame = writer.Bytes;
            new FrameHeader(
                kind, flags, default, 0, number, owner.ViewVersion, LifeOf(call)).Write(frame);
            link.Send(frame);
        }

        Leave();

        // It may have ended while it was sent: then nobody else takes it out.
        if (isSent && !isOneWay && call.IsAbandoned) Forget(call);
        return isSent;
    }

    // Looked at before the frame is handed to the link, never after: what was handed over may have run. When the link
    // ends later than this look, its end finds what waits; when earlier, nothing was sent.
    private bool TakeBack(ulong number) => _hasEnded && (number == 0 || _pending.Take(number) is not null);

    private uint LifeOf(Call call)
    {
        if (call.Lane is not { } lane) return uint.MaxValue;
        var left = clock.GetElapsedTime(clock.GetTimestamp(), call.SentAt + lane.Length).TotalMilliseconds;
        return (uint)Math.Clamp(Math.Ceiling(left), 1, uint.MaxValue - 1);
    }

    private void Answered(FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        switch (_pending.Take(header.Number))
        {
            case Call call: CallAnswers.Give(owner, call, header, frame); break;
            case IAwaited awaited: awaited.Answered(header, frame); break;
        }

        if (_isRetired) EndWhenIdle();
    }

    private void Delayed(FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        var text = owner.Wire.Read(frame).Text();
        if (text.Length > StatusReports.TextMax) text = text[..StatusReports.TextMax];
        switch (_pending.Find(header.Number))
        {
            case Call call: call.Status = text; break;
            case IAwaited awaited: awaited.Delayed(text); break;
        }
    }

    private void CancelServed(FrameHeader header)
    {
        switch (_served.Remove(header.Number))
        {
            case Call { Cancellation: { } cancellation } when header.Flags.HasFlag(FrameFlags.ByCaller):
                cancellation.Cancel();
                break;
            case Call call: call.Cancel(CancellationToken.None); break;
            case ForwardedRequest forwarded: forwarded.Cancel(header.Flags.HasFlag(FrameFlags.ByCaller)); break;
        }

        if (_isRetired) EndWhenIdle();
    }

    // Between these two something may be on its way out: the word that nothing follows must come after it.
    private bool Enter()
    {
        Interlocked.Increment(ref _senders);
        if (!_isRetired) return true;
        Leave();
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _senders) != 0 || !_isRetired) return;
        SendRetire();
        EndWhenIdle();
    }

    private void SendRetire()
    {
        if (_hasEnded || Interlocked.Exchange(ref _retireSent, 1) != 0) return;
        Span<byte> frame = stackalloc byte[FrameHeader.Length];
        new FrameHeader(FrameKind.Retire, default, default, 0, 0, 0, 0).Write(frame);
        link.Send(frame);
    }

    // Not before the own word that nothing follows: what is on its way out may not be among those that wait yet.
    private void EndWhenIdle()
    {
        if (!_hasPeerRetired || Volatile.Read(ref _retireSent) == 0) return;
        if (_pending.Count == 0 && _served.IsEmpty) link.Close(null);
    }
}
