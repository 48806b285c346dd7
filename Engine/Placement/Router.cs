using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>
/// Places grains over the active silos of the newest view, and hands over when that changes. While nothing changes it
/// costs a hash.
/// </summary>
internal sealed class Router : IRouter
{
    private readonly MembershipAgent _agent;
    private readonly IGrainHost _grains;
    private readonly HandoverWait _others;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private volatile Era _era = Era.First();
    private volatile TaskCompletionSource _next = NewSignal();
    private bool _isStopped;

    public Router(
        MembershipAgent agent, ISiloMessenger messenger, IGrainHost grains,
        Func<SiloAddress, CancellationToken, Task<bool>> isGone, TimeProvider clock, TimeSpan handoverLimit,
        ILogger log)
    {
        (_agent, _grains, _clock, _log) = (agent, grains, clock, log);
        _others = new HandoverWait(agent, messenger, isGone, clock, handoverLimit, log);
        messenger.Answer<Handover, HandoverReply>((_, question, cancellation) => Answer(question, cancellation));
        agent.Table.Observe((_, view) => Follow(view));
        agent.LeaseChanged = _ => Follow(agent.Table.View, leaseChanged: true);
    }

    public SiloAddress Self => _agent.Self;

    public long ViewVersion => _era.NewestVersion;

    /// <summary>The silos that host grains now.</summary>
    public HostSet Hosts => _era.Hosts;

    /// <summary>Completes when this silo runs only grains that are its own under the newest view.</summary>
    public Task HandedOver => _era.HandedOver;

    public SiloAddress? OwnerOf(GrainId grain)
    {
        var era = _era;
        var owner = era.Hosts.OwnerOf(grain);
        return era.MayHost || owner is null || !owner.Equals(Self) ? owner : null;
    }

    public ValueTask WhenMayHost(GrainId grain, CancellationToken cancellation) =>
        _era is { IsSettled: true, MayHost: true } ? default : new ValueTask(WaitToHost(grain, cancellation));

    public async Task WhenNewerThan(long version, CancellationToken cancellation)
    {
        while (true)
        {
            var next = _next;
            if (ViewVersion > version) return;
            await next.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Hosts nothing from now on: the silo ends. Grains that run are not touched.</summary>
    public void Stop()
    {
        Era over;
        lock (_lock)
        {
            _isStopped = true;
            over = _era;
            _era = new Era(over.NewestVersion, HostSet.Empty, false, null);
        }

        over.End();
    }

    private static TaskCompletionSource NewSignal() => new(Continuations.Elsewhere);

    private async Task WaitToHost(GrainId grain, CancellationToken cancellation)
    {
        while (true)
        {
            var era = _era;
            if (!era.MayHost)
            {
                throw new SiloUnavailableException(
                    $"Silo {Self} hosts no grains now: it has no lease, or it leaves. {grain} was not activated.");
            }

            // Somebody else's by now: the caller looks at the owner again.
            if (era.IsSettled || !Self.Equals(era.Hosts.OwnerOf(grain)) || era.WasAlwaysOf(Self, grain)) return;
            await era.SettledOrOver.WaitAsync(cancellation);
        }
    }

    private void Follow(MembershipTableSnapshot view, bool leaseChanged = false)
    {
        Era? over = null;
        lock (_lock)
        {
            // With the silo's own instance of its address, so that comparing it is comparing references.
            var hosts = new HostSet(view.Active.Select(entry => entry.Address.Equals(Self) ? Self : entry.Address));
            var mayHost = hosts.Silos.Contains(Self) && _agent.Lease.IsHeld;
            var era = _era;
            if (view.Version < era.NewestVersion) return;
            if (_isStopped || (hosts.Identity == era.Hosts.Identity && !leaseChanged)) era.See(view.Version);
            else
            {
                over = era;
                Begin(view, era.Next(view.Version, hosts, mayHost));
            }
        }

        over?.End();
        Interlocked.Exchange(ref _next, NewSignal()).TrySetResult();
    }

    private void Begin(MembershipTableSnapshot view, Era era)
    {
        var began = _clock.GetTimestamp();
        var handedOver = NewSignal();
        era.HandedOver = handedOver.Task;

        // In place before anything leaves: an activation made now sees the new owner, or is seen by the release.
        _era = era;
        _log.EraBegan(era.Version, era.Hosts.Silos.Length, era.MayHost);
        _agent.Start(() => HandOver(era, began, handedOver));
        if (!era.MayHost) return;
        if (_others.IsNeeded(view)) _agent.Start(() => WaitForOthers(era, view, began));
        else era.Settle();
    }

    private async Task HandOver(Era era, long began, TaskCompletionSource done)
    {
        await _grains.Release(
            grain => !era.MayHost || !Self.Equals(era.Hosts.OwnerOf(grain)), CancellationToken.None);
        _log.HandedOver(era.Version, _clock.GetElapsedTime(began));
        done.TrySetResult();
    }

    private async Task WaitForOthers(Era era, MembershipTableSnapshot view, long began)
    {
        await _others.AllOthers(era, view);
        if (era.Over.IsCancellationRequested) return;
        _log.EraSettled(era.Version, _clock.GetElapsedTime(began));
        era.Settle();
    }

    private async Task<HandoverReply> Answer(Handover question, CancellationToken cancellation)
    {
        if (ViewVersion < question.View)
        {
            _agent.Start(_agent.Refresh);
            await WhenNewerThan(question.View - 1, cancellation);
        }

        var era = _era;
        if (era.Hosts.Identity == question.Hosts) await era.HandedOver.WaitAsync(cancellation);

        // A later era may be about to activate something that it lost in this one; it asks the others first.
        return new HandoverReply(ReferenceEquals(era, _era) && era.Hosts.Identity == question.Hosts, ViewVersion);
    }
}
