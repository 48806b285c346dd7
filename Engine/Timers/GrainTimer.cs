using Aedile.Engine.Activations;
using Aedile.Engine.Runtime;
using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Timers;

/// <summary>A timer of one activation: it fires by queueing a <see cref="TimerTick"/>.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _clock;
    private TimeSpan _period;
    private bool _isChanged;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _period = options.Period;
        Interleaves = options.Interleave;
        KeepsAlive = options.KeepAlive;

        // Without this the context of the request that made the timer would flow into every tick.
        using var _ = FlowSuppression.Begin();
        _clock = activation.Silo.Clock.CreateTimer(
            static self => ((GrainTimer)self!).Fire(), this, options.DueTime, Timeout.InfiniteTimeSpan);
    }

    public bool Interleaves { get; }

    public bool KeepsAlive { get; }

    public bool IsStopped => _stopped.IsCancellationRequested;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ObjectDisposedException.ThrowIf(IsStopped, this);
        _period = period;
        _isChanged = true;
        _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (IsStopped) return;
        _clock.Dispose();
        _stopped.Cancel();
        _activation.Forget(this);
    }

    /// <summary>Runs the callback and then starts the next period. What the callback throws is logged.</summary>
    public async Task Run()
    {
        _isChanged = false;
        try
        {
            await _callback(_stopped.Token);
        }
        catch (Exception error) when (!(IsStopped && error is OperationCanceledException))
        {
            _activation.Silo.Log.TimerFailed(error, _activation.GrainId);
        }
        catch (OperationCanceledException)
        {
            // Stopping the timer cancels its callback; that is no failure.
        }

        if (!IsStopped && !_isChanged && _period != Timeout.InfiniteTimeSpan)
            _clock.Change(_period, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        if (!IsStopped) _activation.TryAccept(new TimerTick(this));
    }
}
