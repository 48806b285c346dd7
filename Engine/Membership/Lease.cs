namespace Aedile.Engine.Membership;

/// <summary>
/// A silo's right to host grains. It counts from the moment at which the last successful beat was sent, by the silo's
/// own clock, so that it ends before anybody who saw the beat thinks that it has ended. Thread-safe.
/// </summary>
internal sealed class Lease : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _length;
    private readonly Action _lost;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _sentAt;
    private long _beganAt;
    private bool _isHeld;

    /// <param name="clock">The silo's own.</param>
    /// <param name="length">How long a beat lasts.</param>
    /// <param name="lost">Called once for each time it ends, on a timer.</param>
    public Lease(TimeProvider clock, TimeSpan length, Action lost)
    {
        _clock = clock;
        _length = length;
        _lost = lost;
        _timer = clock.CreateTimer(
            static self => ((Lease)self!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Left
    {
        get
        {
            lock (_lock) return _isHeld ? Max(_length - _clock.GetElapsedTime(_sentAt), TimeSpan.Zero) : TimeSpan.Zero;
        }
    }

    // The time is looked at too: after a pause of the process the timer may fire later than somebody asks.
    public bool IsHeld => Left > TimeSpan.Zero;

    /// <summary>For how long it has been held without a gap; zero when it is not held.</summary>
    public TimeSpan HeldFor
    {
        get
        {
            lock (_lock) return IsHeld ? _clock.GetElapsedTime(_beganAt) : TimeSpan.Zero;
        }
    }

    /// <summary>A beat that was sent at a timestamp has reached the table.</summary>
    /// <returns>True when the lease was over and begins anew.</returns>
    public bool Renew(long sentAt)
    {
        lock (_lock)
        {
            if (_isHeld && sentAt <= _sentAt) return false;
            if (_clock.GetElapsedTime(sentAt) >= _length) return false; // It took so long that it is over already.
            var begins = !_isHeld;
            _isHeld = true;
            _sentAt = sentAt;
            if (begins) _beganAt = sentAt;
            Arm();
            return begins;
        }
    }

    public void Dispose() => _timer.Dispose();

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void Check()
    {
        lock (_lock)
        {
            if (!_isHeld) return;
            if (_clock.GetElapsedTime(_sentAt) < _length)
            {
                Arm();
                return;
            }

            _isHeld = false;
        }

        _lost();
    }

    private void Arm()
    {
        var left = Max(_length - _clock.GetElapsedTime(_sentAt), TimeSpan.Zero);

        // System timers count whole milliseconds; rounding down would wake up early and spin.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
