using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>
/// A request of another process whose grain isn't here, or can't be used yet: its bytes, as they came.
/// </summary>
internal sealed class ForwardedRequest : IRoutable, IAwaited
{
    private readonly IForwardDesk _desk;
    private readonly PeerLink _origin;
    private readonly FrameHeader _header;
    private readonly byte[] _frame;
    private readonly TimeProvider _clock;
    private readonly long _arrivedAt;
    private PeerLink? _carrier;
    private ulong _carriedAs;
    private string? _toldReason;
    private volatile bool _isCancelled;

    /// <param name="desk">Serves it here after all, if it must be.</param>
    /// <param name="origin">Where it came from, and its answer goes.</param>
    /// <param name="header">Of the request.</param>
    /// <param name="frame">The whole request; it is copied.</param>
    /// <param name="target">Its grain.</param>
    /// <param name="clock">Measures how long its sender still waits.</param>
    public ForwardedRequest(
        IForwardDesk desk, PeerLink origin, FrameHeader header, ReadOnlySpan<byte> frame, GrainId target,
        TimeProvider clock)
    {
        _desk = desk;
        _origin = origin;
        _header = header;
        _frame = frame.ToArray();
        _clock = clock;
        _arrivedAt = clock.GetTimestamp();
        Target = target;
        origin.AddServed(header.Number, this);
    }

    public GrainId Target { get; }

    public long View => _header.View;

    public bool IsAbandoned => _isCancelled || LifeLeft() == 0;

    public bool IsOneWay => _header.Flags.HasFlag(FrameFlags.OneWay);

    public bool MayDetour => _origin.Peer.Silo is null;

    public void DeliverHere()
    {
        // The desk notes it anew; until here it stood for the request itself.
        if (IsOneWay || _origin.TakeServed(_header.Number)) _desk.Accept(_origin, _header, _frame, Target);
    }

    public bool TrySend(PeerLink link)
    {
        var header = _header with
        {
            Forwards = (byte)(_header.Forwards + (_origin.Peer.Silo is null ? 0 : 1)),
            View = Math.Max(_header.View, _desk.ViewVersion),
            LifeMs = LifeLeft(),
        };
        var number = link.TrySend(this, _frame, header);
        if (number == 0) return false;
        _carriedAs = number;
        _carrier = link;
        if (_isCancelled) link.SendCancel(number, isByCaller: false);
        return true;
    }

    // Who calls an observer has nowhere else to try.
    public void TurnAway(SiloUnavailableException reason)
    {
        if (IsOneWay) _desk.Dropped(Target, reason.Message);
        else Answer(_header.Kind == FrameKind.Notice ? AnswerStatus.Gone : AnswerStatus.NotHere, reason.Message);
    }

    public void Waits(string reason)
    {
        if (reason == _toldReason) return;
        _toldReason = reason;
        _origin.SendStatus(_header.Number, $"{_desk.Name}: the call has not reached its grain: {reason}");
    }

    public void Delayed(string status) => _origin.SendStatus(_header.Number, status);

    /// <summary>The sender doesn't wait any more.</summary>
    public void Cancel(bool isByCaller)
    {
        _isCancelled = true;
        _carrier?.SendCancel(_carriedAs, isByCaller);
    }

    public void Answered(FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        if (_origin.TakeServed(_header.Number)) _origin.PassAnswer(header, frame.Span, _header.Number);
    }

    public void Broken(SiloUnavailableException reason) => Answer(AnswerStatus.Lost, reason.Message);

    private void Answer(AnswerStatus status, string reason)
    {
        if (_origin.TakeServed(_header.Number)) _origin.SendAnswer(_header.Number, status, reason);
    }

    private uint LifeLeft()
    {
        if (_header.LifeMs == uint.MaxValue) return uint.MaxValue;
        var left = _header.LifeMs - _clock.GetElapsedTime(_arrivedAt).TotalMilliseconds;
        return left <= 0 ? 0 : (uint)Math.Ceiling(left);
    }
}
