using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>Looks at the node now and then, and tells the session that stands what is new. Thread-safe.</summary>
internal sealed class StatusReporter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Func<NodeStatus> _look;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private StatusHistory _history;
    private Action<SessionMessage>? _send;
    private long _at;

    /// <param name="look">Looks at the node; may throw an <see cref="IOException"/>.</param>
    /// <param name="clock">Says when.</param>
    /// <exception cref="IOException">The first look failed.</exception>
    public StatusReporter(Func<NodeStatus> look, TimeProvider clock)
    {
        (_look, _clock) = (look, clock);
        _history = StatusHistory.Begin(look());
        _at = clock.GetTimestamp();
    }

    /// <summary>Sequence of the newest event.</summary>
    public long LastEvent
    {
        get { lock (_gate) return _history.Sequence; }
    }

    /// <summary>A session stands: it is told what came since its hello, and from now on.</summary>
    /// <param name="send">Sends, in order; must be quick.</param>
    /// <param name="after">What the hello said.</param>
    public void Attach(Action<SessionMessage> send, long after)
    {
        lock (_gate)
        {
            _send = send;
            Send(after);
        }
    }

    /// <summary>It ended.</summary>
    public void Detach()
    {
        lock (_gate) _send = null;
    }

    /// <summary>The silo lacks what came after an event.</summary>
    public void Answer(SessionMessage.StatusWanted wanted)
    {
        lock (_gate) Send(wanted.After);
    }

    /// <summary>Looks until it is told to stop.</summary>
    public async Task Run(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) Look();
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    /// <summary>One look.</summary>
    internal void Look()
    {
        NodeStatus seen;
        try { seen = _look(); }
        catch (IOException) { return; } // The disk is in trouble; the storage role says so if it must.
        lock (_gate)
        {
            var before = _history.Sequence;
            _history = _history.Look(seen, _clock.GetElapsedTime(_at));
            if (_history.Sequence == before) return;
            _at = _clock.GetTimestamp();
            Send(before);
        }
    }

    private void Send(long after)
    {
        if (_send is null) return;
        foreach (var said in _history.After(after)) _send(said);
    }
}
