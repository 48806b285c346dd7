using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Engine.Simulation;

/// <summary>One end of a link, with what is on its way to the other end.</summary>
internal sealed class LinkEnd(LinkNetwork network, SimulatedProcess process, IPEndPoint local) : ILink
{
    private const int ComfortableBytes = 1 << 20;

    // To the other end, in order. The last item of a broken link is its end, which has no frame.
    private readonly List<(TimeSpan Due, byte[]? Frame)> _onTheWay = [];
    private readonly Queue<byte[]?> _inbox = [];
    private readonly string _name = local.ToString();
    private LinkEnd _other = null!;
    private ILinkReceiver? _receiver;
    private TaskCompletionSource? _writable;
    private Exception? _reason;
    private Exception? _reasonOfOther;
    private TimeSpan _lastDue;
    private int _unread;
    private bool _isEnding;
    private bool _isPumping;
    private bool _hasEnded;

    /// <summary>Whose end it is.</summary>
    public SimulatedProcess Process => process;

    /// <summary>Its address.</summary>
    public IPEndPoint Local => local;

    /// <inheritdoc/>
    public IPEndPoint Remote => _other.Local;

    /// <summary>Makes two ends a link.</summary>
    public void Join(LinkEnd other) => (_other, other._other) = (other, this);

    /// <inheritdoc/>
    public void Start(ILinkReceiver receiver)
    {
        _receiver = receiver;
        Pump();
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        network.Scheduler.AssertInside($"send to {Remote}");
        if (_isEnding || _hasEnded || !process.IsAlive) return;
        _unread += frame.Length;
        OnTheWay(frame.ToArray());
        if (network.Breaks()) Break();
    }

    /// <inheritdoc/>
    public ValueTask WhenWritable()
    {
        if (_unread <= ComfortableBytes || _isEnding || _hasEnded) return ValueTask.CompletedTask;
        _writable ??= new TaskCompletionSource();
        return new ValueTask(_writable.Task);
    }

    /// <inheritdoc/>
    public void Close(Exception? reason)
    {
        if (_isEnding || _hasEnded) return;
        // Closed in order, everything arrives; torn down, the other end hears a reset.
        EndAfter(reason is null ? _onTheWay.Count : network.Below(_onTheWay.Count + 1));
        _other._reasonOfOther = reason is null ? null : Reset();
        _reason = reason;
        _inbox.Clear();
        _inbox.Enqueue(null);
        Pump();
    }

    /// <summary>The link breaks: of what is on the way the last part is lost, on both sides.</summary>
    public void Break()
    {
        network.Scheduler.Trace.Add("network", "broken", $"{_name} {_other._name}");
        (_reasonOfOther, _other._reasonOfOther) = (_other.Reset(), Reset());
        EndAfter(network.Below(_onTheWay.Count + 1));
        _other.EndAfter(network.Below(_other._onTheWay.Count + 1));
    }

    /// <summary>Whether it is one end of a wire between two machines.</summary>
    public bool IsBetween(IPAddress one, IPAddress other) =>
        (one.Equals(Local.Address) && other.Equals(Remote.Address))
        || (one.Equals(Remote.Address) && other.Equals(Local.Address));

    /// <summary>Nothing was heard of the other end for long. Nothing more is sent.</summary>
    public void TimeOut()
    {
        if (_hasEnded) return;
        network.Scheduler.Trace.Add("network", "timed out", $"{_name} {_other._name}");
        _isEnding = true;
        _onTheWay.Clear();
        network.Forget(this);
        if (!process.IsAlive) return;
        _reason ??= new IOException($"{Remote} has been silent for too long.");
        _inbox.Clear();
        _inbox.Enqueue(null);
        Pump();
    }

    /// <summary>
    /// Its process is dead. What its kernel has taken may still be sent, before the reset; both wait while the way is
    /// cut, since whoever asks after that gets a reset.
    /// </summary>
    public void Die()
    {
        _other._reasonOfOther = Reset();
        EndAfter(network.Below(_onTheWay.Count + 1));
    }

    /// <summary>Delivers what is due, unless the way is cut.</summary>
    public void Forward()
    {
        while (_onTheWay.Count > 0 && _onTheWay[0].Due <= network.Scheduler.Now
            && !network.IsCut(Local.Address, Remote.Address))
        {
            var (_, frame) = _onTheWay[0];
            _onTheWay.RemoveAt(0);
            network.Scheduler.Trace.Frame(_name, _other._name, frame, isEnd: frame is null);
            _other._inbox.Enqueue(frame);
            _other.Pump();
            if (frame is null && !process.IsAlive) network.Forget(this);
        }
    }

    private void EndAfter(int frames)
    {
        if (_isEnding) return;
        _isEnding = true;
        _onTheWay.RemoveRange(frames, _onTheWay.Count - frames);
        OnTheWay(null);
    }

    private void OnTheWay(byte[]? frame)
    {
        var due = network.Scheduler.Now + network.Delay();
        if (due < _lastDue) due = _lastDue; // Nothing overtakes on one link.
        _lastDue = due;
        _onTheWay.Add((due, frame));
        network.Scheduler.At(due, network.Scheduler.Outside, Forward);
    }

    // One frame after the other, on the receiver's process.
    private void Pump()
    {
        if (_isPumping || _receiver is null || _inbox.Count == 0) return;
        _isPumping = true;
        process.Post(() =>
        {
            _isPumping = false;
            if (_hasEnded || !_inbox.TryDequeue(out var frame)) return;
            if (frame is null) Ended();
            else Read(frame);
            Pump();
        });
    }

    private void Read(byte[] frame)
    {
        _other._unread -= frame.Length;
        if (_other is { _unread: <= ComfortableBytes, _writable: { } writable })
        {
            _other._writable = null;
            _other.Process.Post(() => writable.TrySetResult());
        }
        _receiver!.Received(frame);
    }

    private void Ended()
    {
        _hasEnded = true;
        network.Forget(this);
        _writable?.TrySetResult();
        _writable = null;
        _receiver!.Closed(_reason ?? _reasonOfOther);
    }

    private IOException Reset() => new($"{_name} reset the connection.");
}
