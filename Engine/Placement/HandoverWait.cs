using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>Waits until the other silos have handed over what they may run of this one's grains.</summary>
/// <param name="agent">The view, and what was seen of others' beats.</param>
/// <param name="messenger">Asks the living.</param>
/// <param name="isGone">Whether a silo's port refuses connections, so that its process is gone.</param>
/// <param name="clock">The silo's clock.</param>
/// <param name="limit">After this, grains are activated whether others have handed over or not.</param>
/// <param name="log">The silo's log.</param>
internal sealed class HandoverWait(
    MembershipAgent agent, ISiloMessenger messenger, Func<SiloAddress, CancellationToken, Task<bool>> isGone,
    TimeProvider clock, TimeSpan limit, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether anybody else may run a grain.</summary>
    public bool IsNeeded(MembershipTableSnapshot view) => Others(view).Any();

    /// <summary>Completes when nobody else runs a grain that is this silo's in the era, or at the limit.</summary>
    public Task AllOthers(Era era, MembershipTableSnapshot view) =>
        Task.WhenAll(Others(view).Select(silo => Other(era, silo)));

    private IEnumerable<SiloAddress> Others(MembershipTableSnapshot view) => view.Entries
        .Where(entry => !entry.Address.Equals(agent.Self) && MayRunGrains(view, entry))
        .Select(entry => entry.Address);

    private bool MayRunGrains(MembershipTableSnapshot view, SiloEntry entry) => entry.Status == SiloStatus.Dead
        ? !MembershipRules.IsKnownToBeGone(view, entry.Address)
            && !MembershipRules.IsSurelyOut(view, entry, agent.Limits) && LeaseLeft(entry.Address) > TimeSpan.Zero
        : entry.MayHoldGrains;

    private TimeSpan LeaseLeft(SiloAddress silo) => agent.Sightings.LeaseLeft(silo, agent.Limits.Lease);

    private async Task Other(Era era, SiloAddress silo)
    {
        var began = clock.GetTimestamp();
        while (!era.Over.IsCancellationRequested)
        {
            var view = agent.Table.View;
            if (view.Find(silo) is not { } entry || !MayRunGrains(view, entry)) return;
            var left = limit - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                log.HandoverLate(era.Version, silo, limit);
                return;
            }

            try
            {
                if (entry.Status != SiloStatus.Dead && await Ask(era, silo, left)) return;
                if (entry.Status == SiloStatus.Dead && await isGone(silo, era.Over)) return;
                var pause = entry.Status == SiloStatus.Dead ? Min(LeaseLeft(silo), Pause) : Pause;
                await Task.Delay(Min(pause, left) + TimeSpan.FromMilliseconds(1), clock, era.Over);
            }
            catch (OperationCanceledException) when (era.Over.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<bool> Ask(Era era, SiloAddress silo, TimeSpan left)
    {
        // It answers when it has handed over; asked in pieces, so that a death meanwhile is noticed.
        var waits = Min(left, agent.Limits.Lease / 4);
        try
        {
            var reply = await messenger.Ask<Handover, HandoverReply>(
                silo, new Handover(era.Version, era.Hosts.Identity), waits, era.Over);
            if (reply.View > agent.Table.View.Version) await agent.Refresh();
            return reply.Done;
        }
        catch (Exception error) when (error is TimeoutException or OrleansException)
        {
            log.HandoverUnanswered(era.Version, silo, error.Message);
            return error is SiloUnavailableException && await isGone(silo, era.Over);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
