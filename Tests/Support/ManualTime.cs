namespace Aedile.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire inside of <see cref="Advance"/>.</summary>
/// <remarks>
/// Timers fire in the order of their due times, and those due at one moment in the order in which they were set;
/// while one fires, the clock shows its due time. Reading is safe from any thread; advance from one only.
/// </remarks>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _armed = [];
    private DateTimeOffset _now = start;
    private long _sets;

    public ManualTime()
        : this(DateTimeOffset.UnixEpoch)
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are set, for tests that arm before they act.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock) return _armed.Count;
        }
    }

    /// <summary>When the next timer fires; null when none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock) return Next(DateTimeOffset.MaxValue)?.Due;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward, firing every timer that becomes due, those set meanwhile included.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } fire) fire();
        lock (_lock) _now = end;
    }

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <returns>False when no timer is set.</returns>
    public bool AdvanceToNext()
    {
        if (TakeDue(DateTimeOffset.MaxValue) is not { } fire) return false;
        fire();
        return true;
    }

    private Action? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            if (Next(end) is not { } timer) return null;
            if (timer.Due > _now) _now = timer.Due;
            _armed.Remove(timer);
            if (timer.Period > TimeSpan.Zero) Set(timer, timer.Period);
            return timer.Fire;
        }
    }

    private ManualTimer? Next(DateTimeOffset end) =>
        _armed.Where(timer => timer.Due <= end).MinBy(timer => (timer.Due, timer.SetNumber));

    private void Set(ManualTimer timer, TimeSpan dueTime)
    {
        timer.Due = _now + dueTime;
        timer.SetNumber = _sets++;
        _armed.Add(timer);
    }

    private sealed class ManualTimer(ManualTime clock, Action fire) : ITimer
    {
        private bool _isDisposed;

        public Action Fire { get; } = fire;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long SetNumber { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._armed.Remove(this);
                if (_isDisposed) return false;
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan) clock.Set(this, dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _isDisposed = true;
                clock._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
