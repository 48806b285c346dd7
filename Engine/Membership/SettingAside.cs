using Aedile.Engine.Messaging;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>
/// What silos do for one that lost its lease because only it can't reach the table: one of them takes it off the hosts,
/// so that its grains live elsewhere meanwhile. It goes on as a gateway, with the views that they tell it.
/// </summary>
internal sealed class SettingAside(
    SiloAddress self, MembershipTable table, ISiloMessenger messenger, Lease lease, MembershipLimits limits,
    TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Does it for others from now on.</summary>
    /// <param name="change">Changes the table, and tells everybody.</param>
    /// <param name="stopping">Ends what is begun.</param>
    public void Start(
        Func<Func<MembershipTableSnapshot, TableChange?>, CancellationToken, Task<MembershipTableSnapshot?>> change,
        CancellationToken stopping) =>
        messenger.Answer<NoLease, NewView>(async (silo, _, _) =>
        {
            // When the table was away for all, who reaches it again first must not set aside those that will in a
            // moment: only one that never lost its lease meanwhile knows that the trouble is the other one's.
            if (lease.HeldFor >= limits.Lease && table.View.StatusOf(silo) == SiloStatus.Active)
            {
                var changed = await change(
                    view => lease.IsHeld ? MembershipRules.SetAside(view, silo, limits) : null, stopping);
                if (changed is not null) log.SetAside(silo);
            }

            return ViewMessages.From(table.View);
        });

    /// <summary>Asks the others in turn, until the lease is held again. Never by chance: a run must repeat.</summary>
    public async Task Seek(CancellationToken stopping)
    {
        for (var turn = 0; !lease.IsHeld; turn++)
        {
            var others = table.View.Active.Where(other => !other.Address.Equals(self)).ToList();
            if (others.Count > 0) await Ask(others[turn % others.Count].Address, stopping);
            await Task.Delay(Pause, clock, stopping);
        }
    }

    private async Task Ask(SiloAddress other, CancellationToken stopping)
    {
        try
        {
            var news = await messenger.Ask<NoLease, NewView>(other, new NoLease(), limits.Lease, stopping);
            table.Offer(ViewMessages.ToSnapshot(news));
        }
        catch (Exception error) when (error is SiloUnavailableException or TimeoutException or OrleansException)
        {
            log.NotSetAside(other, error.Message);
        }
    }
}
