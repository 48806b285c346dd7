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

    private readonly WakeablePause _untilLook = new(clock);
    private readonly WakeablePause _untilFollow = new(clock);
    private bool _isLoaded;
    private long _followed = -1;
    private Task? _reading;

    /// <summary>How often the journal was not what it had been.</summary>
    public int WentBack { get; private set; }

    /// <summary>Loads the newest state, before the first reader comes; again, it only looks for what is new.</summary>
    /// <exception cref="JournalAwayException">The database is away.</exception>
    public async Task Load(CancellationToken cancellation)
    {
        replica.FellBehind = LookNow;
        if (_isLoaded) await Look(cancellation);
        else await Reload(cancellation);
        (_isLoaded, replica.IsJournalThere) = (true, true);
    }

    /// <summary>
    /// Begins to look at the journal, before there is an engine: by TLS it lets in only silos that the replica knows.
    /// </summary>
    public void Begin(CancellationToken stopping) => _reading ??= KeepReading(stopping);

    /// <summary>Keeps it up to date until it is told to stop.</summary>
    public Task Run(CancellationToken stopping)
    {
        Begin(stopping);
        return Task.WhenAll(_reading!, KeepFollowing(stopping));
    }

    /// <summary>Looks at the journal at once.</summary>
    public void LookNow() => _untilLook.End();

    private async Task KeepReading(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var pause = PollInterval;
            try
            {
                await Look(stopping);
                if (!replica.IsJournalThere) log.JournalIsBack(replica.Current.Index);
                replica.IsJournalThere = true;
                // A new sequencer tells nobody yet.
                if (replica.Epoch != Interlocked.Read(ref _followed)) _untilFollow.End();
            }
            catch (JournalAwayException error)
            {
                if (replica.IsJournalThere) log.JournalWentAway(error.Message);
                replica.IsJournalThere = false;
                pause = AwayPause;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Another snapshot or compaction came in between, or the journal is damaged: it is read again.
                log.ReplicaNotLoaded(error);
                pause = AwayPause;
            }

            await _untilLook.For(pause, stopping);
        }
    }

    private async Task Look(CancellationToken stopping)
    {
        var asked = clock.GetTimestamp();
        try
        {
            await replica.CatchUp(stopping);
            replica.Confirm(asked);
        }
        catch (InvalidDataException error)
        {
            WentBack++;
            log.ReplicaReloads(error.Message);
            await Reload(stopping);
        }
        catch (EntriesCompactedException error)
        {
            log.ReplicaSkips(error.Message);
            await Reload(stopping);
        }
    }

    private async Task Reload(CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        var head = await journal.ReadHead(cancellation);
        replica.Load(await snapshots.ReadNewest(cancellation) ?? ModelState.Empty(head.Timeline));
        await replica.CatchUp(cancellation);
        replica.Confirm(asked);
        log.ReplicaLoaded(replica.Current.Index, replica.Current.Count);
    }

    private async Task KeepFollowing(CancellationToken stopping)
    {
        var me = grains.CreateObjectReference<IModelFollower>(replica);
        while (!stopping.IsCancellationRequested)
        {
            var epoch = replica.Epoch;
            try
            {
                var newest = await grains.GetGrain<IModelGrain>(0).Follow(me, stopping);
                Interlocked.Exchange(ref _followed, epoch);
                if (newest > replica.Current.Index) LookNow();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Polling goes on; the sequencer will be asked again.
                log.NotFollowed(error.Message);
            }

            await _untilFollow.For(FollowInterval, stopping);
        }
    }
}
