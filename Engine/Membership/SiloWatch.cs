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
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, CancellationTokenSource> _watched = [];
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
                loop.Cancel();
            }

            foreach (var silo in wanted.Where(silo => !_watched.ContainsKey(silo)))
            {
                var loop = CancellationTokenSource.CreateLinkedTokenSource(context.Stopping);
                _watched[silo] = loop;
                context.Start(() => Watch(silo, loop.Token));
            }
        }
    }

    private async Task Watch(SiloAddress silo, CancellationToken cancellation)
    {
        var misses = 0;
        var electors = ImmutableHashSet<SiloAddress>.Empty;
        while (!cancellation.IsCancellationRequested)
        {
            var started = context.Clock.GetTimestamp();
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
                default:
                    context.Log.ProbeFailed(silo, finding.Reason);
                    misses++;
                    electors = electors.Add(self);
                    if (finding.Outcome == ProbeOutcome.Missed && between is not null) electors = electors.Add(between);
                    break;
            }

            if (misses >= options.NumMissedProbesLimit)
            {
                await Suspect(silo, misses, finding.Reason, electors, cancellation);
                misses = 0;
                electors = electors.Clear();
            }

            // The second question follows a failed one at once: a process that is gone refuses both.
            if (misses == 0) await Pause(started, cancellation);
        }
    }

    private async Task Pause(long started, CancellationToken cancellation)
    {
        var left = options.ProbeTimeout - context.Clock.GetElapsedTime(started);
        if (left < TimeSpan.FromMilliseconds(1)) left = TimeSpan.FromMilliseconds(1);
        await Task.Delay(left, context.Clock, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task Suspect(
        SiloAddress silo, int misses, string reason, ImmutableHashSet<SiloAddress> voters,
        CancellationToken cancellation)
    {
        if (!options.LivenessEnabled || !context.Lease.IsHeld) return;
        context.Log.Suspected(silo, misses, reason, string.Join(", ", voters.Order()));
        try
        {
            await context.Change(
                view => MembershipRules.Suspect(view, silo, voters, context.Limits), cancellation);
        }
        catch (Exception error) when (error is OrleansException or OperationCanceledException)
        {
            // The table can't be reached: this silo's own lease is about to end. The next probe tries again.
            context.Log.ChangeFailed(error);
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
