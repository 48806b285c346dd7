using Aedile.Grains.Model;
using Aedile.Silo.Model;

namespace Aedile.Silo.Identity;

/// <summary>
/// Makes a silo able to prove itself before its engine and its ports are opened: it can join a fleet that takes nobody
/// without a certificate, and its coordinators can command agents from their first moment.
/// </summary>
internal sealed class IdentityStart(
    IdentityDuties duties, ReplicaSync sync, ModelWriter writer, ModelReplica replica, IModelJournal journal,
    TimeProvider clock, ILogger<IdentityStart> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Does what is due. A silo that has keys already writes nothing; a new one waits up to two seconds, until all
    /// others know its keys.
    /// </summary>
    /// <returns>Whether it can prove itself; if not, it goes on trying when it runs.</returns>
    public async Task<bool> Run(CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        using var alone = writer.WriteAlone(() => new Sequencer(journal, replica, static _ => { }, clock, log));
        while (true)
        {
            try
            {
                await sync.Load(cancellation);
                if (await duties.Turn(cancellation) && duties.CanProve) return true;
            }
            catch (JournalAwayException error)
            {
                // What is on disk is all there is; the host decides whether that is enough.
                await duties.Turn(cancellation);
                log.StartedWithoutJournal(error.Message);
                return duties.CanProve;
            }
            if (clock.GetElapsedTime(began) > Limit) return duties.CanProve;
            await Task.Delay(Pause, clock, cancellation);
        }
    }
}
