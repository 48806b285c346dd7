namespace Aedile.Engine.Simulation;

/// <summary>A process's clock on virtual time. Its timers call back on the process, and die with it.</summary>
internal sealed class SimulatedTime(SimulatedScheduler scheduler, SimulatedProcess process, ClockError error)
    : TimeProvider
{
    /// <summary>When every run begins (UTC).</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => error.Measured(scheduler.Now).Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch + error.Offset + error.Measured(scheduler.Now);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(scheduler, process, () => callback(state), error);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits.</summary>
    public Task Wait(TimeSpan time) => Task.Delay(time, this, CancellationToken.None);
}

/// <summary>A timer on virtual time.</summary>
internal sealed class SimulatedTimer(
    SimulatedScheduler scheduler, SimulatedProcess process, Action callback, ClockError error) : ITimer
{
    // The scheduler's queue can't delete; an entry that is not this one is left over and does nothing.
    private long _armed;
    private TimeSpan _period;

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        _armed = dueTime == Timeout.InfiniteTimeSpan ? 0 : scheduler.Enqueue(this, scheduler.Now + error.True(dueTime));
        return true;
    }

    /// <summary>The queue's entry is due.</summary>
    public void Fire(long entry)
    {
        if (entry != _armed || !process.IsAlive) return;
        _armed = _period > TimeSpan.Zero ? scheduler.Enqueue(this, scheduler.Now + error.True(_period)) : 0;
        _ = process.Run(() =>
        {
            callback();
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _armed = 0;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
