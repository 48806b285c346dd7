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
    private CancellationTokenSource? _pause;
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
        // Cancelled, not raced against a second task: the race would be decided on the thread pool, and a simulated
        // run could not be repeated.
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(Over);
        lock (_lock)
        {
            if (_looksNow && time > PauseAfterEnd) time = PauseAfterEnd;
            _looksNow = false;
            _pause = pause;
        }

        await Task.Delay(time > ShortestPause ? time : ShortestPause, clock, pause.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        lock (_lock) _pause = null;
    }

    /// <summary>Ends the pause; when there is none, the next one is short. Goes on with the watch inside.</summary>
    public void LookNow()
    {
        CancellationTokenSource? pause;
        lock (_lock)
        {
            pause = _pause;
            _pause = null;
            _looksNow = pause is null;
        }

        pause?.Cancel();
    }

    /// <summary>Ends the watch.</summary>
    public void End()
    {
        _over.Cancel();
        _over.Dispose();
    }
}
