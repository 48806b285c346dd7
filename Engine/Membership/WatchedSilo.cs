using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>One silo that this one watches, and the pause between two looks, which can be cut short.</summary>
internal sealed class WatchedSilo
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    // Against a silo that takes links and ends them at once.
    private static readonly TimeSpan PauseAfterEnd = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _over;
    private TaskCompletionSource? _pause;
    private bool _looksNow;

    public WatchedSilo(SiloAddress silo, CancellationToken stopping)
    {
        Silo = silo;
        _over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Over = _over.Token;
    }

    public SiloAddress Silo { get; }

    /// <summary>Cancelled when somebody else watches the silo, or nobody.</summary>
    public CancellationToken Over { get; }

    /// <summary>Completes after a time, or when it is time to look, or when the watch is over.</summary>
    public async Task Pause(TimeSpan time, TimeProvider clock)
    {
        TaskCompletionSource pause;
        lock (_lock)
        {
            if (_looksNow && time > PauseAfterEnd) time = PauseAfterEnd;
            _looksNow = false;
            _pause = pause = new TaskCompletionSource(Continuations.Elsewhere);
        }

        var delay = Task.Delay(time > ShortestPause ? time : ShortestPause, clock, Over);
        await Task.WhenAny(delay, pause.Task);
        lock (_lock)
        {
            _pause = null;
            _looksNow = false;
        }
    }

    /// <summary>Ends the pause; when there is none, the next one is short.</summary>
    public void LookNow()
    {
        lock (_lock)
        {
            _looksNow = true;
            _pause?.TrySetResult();
        }
    }

    /// <summary>Ends the watch.</summary>
    public void End()
    {
        _over.Cancel();
        _over.Dispose();
    }
}
