using System.Collections.Immutable;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>
/// Watches the silos that the ring gives to this one, each in a loop of its own, and suspects those that don't answer.
/// </summary>
internal sealed class SiloWatch(
    SiloAddress self, MembershipTable table, SiloProber prober, ClusterMembershipOptions options,
    WatchContext context)
{
    private const int LeavingPatience = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, WatchedSilo> _watched = [];
    private int _turn;

    /// <summary>Begins and ends loops, so that they fit to a view.</summary>
    public void Follow(MembershipTableSnapshot view)
    {
        lock (_lock)
        {
            var wanted = context.Stopping.IsCancellationRequested
                ? []
                : ProbeRing.WatchedBy(self, view, options.NumProbedSilos);
            foreach (var (silo, loop) in _watched.Where(watched => !wanted.Contains(watched.Key)).ToList())
            {
                _watched.Remove(silo);
                loop.End();
            }

            foreach (var silo in wanted.Where(silo => !_watched.ContainsKey(silo)))
            {
                var watched = new WatchedSilo(silo, context.Stopping);
                _watched[silo] = watched;
                context.Start(() => WatchUntilOver(watched));
            }
        }
    }

    /// <summary>Looks at a silo now: its link has ended. The caller, which may be the link, doesn't wait.</summary>
    public void LookNow(SiloAddress silo)
    {
        WatchedSilo? watched;
        lock (_lock) _watched.TryGetValue(silo, out watched);
        if (watched is null) return;
        context.Start(() =>
        {
            watched.LookNow();
            return Task.CompletedTask;
        });
    }

    private async Task WatchUntilOver(WatchedSilo watched)
    {
        try
        {
            await Watch(watched);
        }
        catch (OperationCanceledException) when (watched.Over.IsCancellationRequested)
        {
            // It was over in the middle of a question.
        }
    }

    private async Task Watch(WatchedSilo watched)
    {
        var (silo, cancellation) = (watched.Silo, watched.Over);
        var misses = 0;
        var received = 0L;
        var electors = ImmutableHashSet<SiloAddress>.Empty;
        while (!cancellation.IsCancellationRequested)
        {
            var started = context.Clock.GetTimestamp();
            if (misses == 0) received = prober.ReceivedFrom(silo);
            var between = misses > 0 && options.EnableIndirectProbes ? NextBetween(silo) : null;
            var finding = between is null
                ? await prober.Probe(silo, cancellation)
                : await prober.ProbeThrough(between, silo, cancellation);
            if (cancellation.IsCancellationRequested) return;
            switch (finding.Outcome)
            {
                case ProbeOutcome.Answered:
                    if (between is not null) context.Log.OnlyOthersReach(silo, between);
                    misses = 0;
                    electors = electors.Clear();
                    break;
                case ProbeOutcome.Stalled:
                    context.Log.WasStalled(context.Clock.GetElapsedTime(started));
                    break;
                case ProbeOutcome.Missed or ProbeOutcome.Unclear when prober.ReceivedFrom(silo) != received:
                    // A late reply to an earlier question, perhaps. It runs, so nothing is held against it.
                    context.Log.ProbeFailed(silo, finding.Reason);
                    misses = 0;
                    electors = electors.Clear();
                    break;
                default:
                    context.Log.ProbeFailed(silo, finding.Reason);
                    misses += finding.Outcome == ProbeOutcome.Refused ? RefusalWeight : 1;
                    electors = electors.Add(self);
                    if (finding.Outcome != ProbeOutcome.Unclear && between is not null)
                        electors = electors.Add(between);
                    break;
            }

            // Who is leaving ends its links before its row says so; it is suspected only when it takes long.
            var isLeaving = table.View.Find(silo) is not { Status: SiloStatus.Active } and not { IsAside: true };
            if (misses >= options.NumMissedProbesLimit * (isLeaving ? LeavingPatience : 1))
            {
                await Suspect(silo, misses, finding.Reason, electors, cancellation);
                misses = 0;
                electors = electors.Clear();
            }

            // The second question follows a failed one at once: a process that is gone refuses both.
            if (misses == 0 || isLeaving)
                await watched.Pause(options.ProbeTimeout - context.Clock.GetElapsedTime(started), context.Clock);
        }
    }

    // Two refusals are enough: a process that is gone. Silence may be a starved machine, and takes longer.
    private int RefusalWeight => (options.NumMissedProbesLimit + 1) / 2;

    private async Task Suspect(
        SiloAddress silo, int misses, string reason, ImmutableHashSet<SiloAddress> voters,
        CancellationToken cancellation)
    {
        if (!options.LivenessEnabled || !context.Lease.IsHeld) return;
        context.Log.Suspected(silo, misses, reason, string.Join(", ", voters.Order()));
        var isOver = false;
        try
        {
            // No longer than the vote would count: nobody watches meanwhile.
            var voting = context.Change(
                view => Volatile.Read(ref isOver) || !context.Lease.IsHeld
                    ? null
                    : MembershipRules.Suspect(view, silo, voters, context.Limits), cancellation);
            await voting.WaitAsync(context.Lease.Left, context.Clock, cancellation);
        }
        catch (Exception error) when (error is OrleansException or OperationCanceledException or TimeoutException)
        {
            // The table can't be reached: this silo's own lease is about to end. The next probe tries again.
            context.Log.ChangeFailed(error);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }
    }

    // In turn, not by chance: the same run again asks the same silos.
    private SiloAddress? NextBetween(SiloAddress silo)
    {
        var others = table.View.Active.Select(entry => entry.Address)
            .Where(other => !other.Equals(self) && !other.Equals(silo)).ToList();
        return others.Count == 0 ? null : others[(int)((uint)Interlocked.Increment(ref _turn) % (uint)others.Count)];
    }
}
