using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Storage.Model;

namespace Aedile.Silo.Model;

/// <summary>
/// Keeps the replica up to date: follows the sequencer, and looks at the journal's head for what was missed. Begins
/// with the newest snapshot; so too when the database went back.
/// </summary>
internal sealed class ReplicaSync(
    ModelReplica replica, IModelJournal journal, IModelSnapshots snapshots, IGrainFactory grains, TimeProvider clock,
    ILogger<ReplicaSync> log)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FollowInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(500);

    private TaskCompletionSource<bool> _look = TimedWait.New();

    /// <summary>Whether the journal could be read when it was last asked.</summary>
    public bool IsJournalThere { get; private set; }

    /// <summary>Loads the newest state, before the first reader comes.</summary>
    /// <exception cref="JournalAwayException">The database is away.</exception>
    public async Task Load(CancellationToken cancellation)
    {
        replica.FellBehind = LookNow;
        await Reload(cancellation);
        IsJournalThere = true;
    }

    /// <summary>Keeps it up to date until it is told to stop.</summary>
    public Task Run(CancellationToken stopping) => Task.WhenAll(KeepReading(stopping), KeepFollowing(stopping));

    private void LookNow() => Volatile.Read(ref _look).TrySetResult(true);

    private async Task Pause(TimeSpan pause, CancellationToken stopping)
    {
        await TimedWait.For(Volatile.Read(ref _look), pause, clock, stopping);
        // Who asks between these lines is served by the look that follows.
        Volatile.Write(ref _look, TimedWait.New());
    }

    private async Task KeepReading(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var pause = PollInterval;
            try
            {
                await Look(stopping);
                if (!IsJournalThere) log.JournalIsBack(replica.Current.Index);
                IsJournalThere = true;
            }
            catch (JournalAwayException error)
            {
                if (IsJournalThere) log.JournalWentAway(error.Message);
                IsJournalThere = false;
                pause = AwayPause;
            }

            await Pause(pause, stopping);
        }
    }

    private async Task Look(CancellationToken stopping)
    {
        var asked = clock.GetTimestamp();
        var head = await journal.ReadHead(stopping);
        try
        {
            // The sequencer may have gone on since.
            if (replica.Current.Timeline != head.Timeline || replica.Current.Index <= head.Index)
                await replica.CatchUp(head, stopping);
            else if (replica.Current.Index > (await journal.ReadHead(stopping)).Index)
                throw new InvalidDataException($"The journal ends before index {replica.Current.Index}.");
            replica.Confirm(asked);
        }
        catch (Exception error) when (error is InvalidDataException or EntriesCompactedException)
        {
            log.ReplicaReloads(error.Message);
            await Reload(stopping);
        }
    }

    private async Task Reload(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        var head = await journal.ReadHead(cancellation);
        var state = await snapshots.ReadNewest(cancellation) ?? ModelState.Empty(head.Timeline);
        replica.Load(state);
        // A newer snapshot, or more entries, may have come since.
        await replica.CatchUp(await journal.ReadHead(cancellation), cancellation);
        replica.Confirm(asked);
        log.ReplicaLoaded(replica.Current.Index, replica.Current.Count);
    }

    private async Task KeepFollowing(CancellationToken stopping)
    {
        var me = grains.CreateObjectReference<IModelFollower>(replica);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var newest = await grains.GetGrain<IModelGrain>(0).Follow(me, stopping);
                if (newest > replica.Current.Index) LookNow();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Polling goes on; the sequencer will be asked again.
                log.NotFollowed(error.Message);
            }

            await Task.Delay(FollowInterval, clock, stopping);
        }
    }
}
