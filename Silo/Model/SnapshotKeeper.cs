using Aedile.Grains.Model;
using Aedile.Silo.Storage.Model;

namespace Aedile.Silo.Model;

/// <summary>Writes a snapshot when enough entries have come since the last. Any silo may; the first one does.</summary>
internal sealed class SnapshotKeeper(
    ModelReplica replica, IModelSnapshots snapshots, TimeProvider clock, ILogger<SnapshotKeeper> log)
    : BackgroundService
{
    /// <summary>Entries that stay for those who watch changes.</summary>
    public const long EntriesKept = 1_000_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private (long Index, int EntriesAfter) _newest = (-1, 0);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var state = replica.Current;
                var newest = await snapshots.NewestIndex(stoppingToken);
                if (newest != _newest.Index) _newest = (newest, SnapshotPace.EntriesAfter(state));
                if (state.Index - newest < _newest.EntriesAfter) continue;
                if (await snapshots.Write(state, EntriesKept, stoppingToken))
                    log.SnapshotWritten(state.Index, state.Count);
            }
            catch (JournalAwayException error)
            {
                log.SnapshotNotWritten(error.Message);
            }
        }
    }
}
