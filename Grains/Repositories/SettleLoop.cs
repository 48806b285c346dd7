namespace Aedile.Grains.Repositories;

/// <summary>
/// Runs a repository's background work while there is some: without any it costs nothing, and the grain may be
/// collected. For use inside the grain's turns only.
/// </summary>
internal sealed class SettleLoop(Grain grain, Reconciler reconciler)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private IGrainTimer? _timer;
    private bool _signalled;

    /// <summary>Whether there is work that was not seen through.</summary>
    public bool HasWork => _timer is not null;

    /// <summary>There may be something to do: looks now, and goes on until nothing is left.</summary>
    public void Signal()
    {
        _signalled = true;
        _timer ??= grain.RegisterGrainTimer(Run, new GrainTimerCreationOptions(TimeSpan.Zero, Interval)
        {
            Interleave = true,
            KeepAlive = true,
        });
    }

    private async Task Run(CancellationToken cancellation)
    {
        _signalled = false;
        if (!await reconciler.Run() || _signalled) return;
        _timer?.Dispose();
        _timer = null;
    }
}
