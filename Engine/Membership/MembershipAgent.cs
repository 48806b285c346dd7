using Aedile.Engine.Messaging;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>
/// One silo's place in its fleet, from joining to leaving: its row, its beats and lease, its view, and its watch over
/// others.
/// </summary>
internal sealed class MembershipAgent : IDisposable
{
    private readonly SiloIdentity _identity;
    private readonly ClusterMembershipOptions _options;
    private readonly TimeProvider _clock;
    private readonly TaskScheduler _scheduler;
    private readonly ISiloMessenger _messenger;
    private readonly ILogger _log;
    private readonly SiloProber _prober;
    private readonly SiloWatch _watch;
    private readonly ViewGossip _gossip;
    private readonly SettingAside _aside;
    private readonly CancellationTokenSource _stopping = new();
    private int _refreshing;
    private int _phase;

    public MembershipAgent(
        SiloAddress self, SiloIdentity identity, IMembershipStore store, ISiloMessenger messenger,
        ClusterMembershipOptions options, TimeProvider clock, TaskScheduler scheduler, ILogger log)
    {
        (Self, _identity, _messenger, _options) = (self, identity, messenger, options);
        (_clock, _scheduler, _log) = (clock, scheduler, log);
        Limits = MembershipLimits.Of(options);
        Lease = new Lease(clock, Limits.Lease, OnLeaseLost);
        Sightings = new BeatSightings(clock);
        Table = new MembershipTable(store, Sightings, clock, Limits.Lease, log);
        _gossip = new ViewGossip(self, Table, messenger, options.ProbeTimeout, log);
        _prober = new SiloProber(Table, messenger, Lease, clock, options.ProbeTimeout)
        {
            Behind = _ => Start(Refresh),
            ToldDead = silo => MustEnd($"{silo} says that it was declared dead"),
        };
        _aside = new SettingAside(self, Table, messenger, Lease, Limits, clock, log);
        var context = new WatchContext(clock, Limits, Lease, log, Start, Change, _stopping.Token);
        _watch = new SiloWatch(self, Table, _prober, options, context);
        messenger.LinkEnded = _watch.LookNow;
        Table.Observe(OnView);
    }

    private enum Phase
    {
        Outside,
        Inside,
        Over,
    }

    public SiloAddress Self { get; }

    public MembershipLimits Limits { get; }

    public MembershipTable Table { get; }

    public BeatSightings Sightings { get; }

    public Lease Lease { get; }

    /// <summary>Called on a timer or beat when the lease ends (false) or begins anew (true).</summary>
    public Action<bool> LeaseChanged { get; set; } = _ => { };

    /// <summary>Called once, with the reason, when the silo learned that it is dead: its process must end.</summary>
    public Action<string> Ended { get; set; } = _ => { };

    /// <summary>Begins to answer others. Before the silo listens.</summary>
    public void Listen()
    {
        _gossip.Start();
        _prober.Start();
        _aside.Start(Change, _stopping.Token);
    }

    /// <summary>Adds the silo to the table, and waits until it reaches every other one. It hosts nothing yet.</summary>
    /// <exception cref="OrleansException">It can't join; the text says why.</exception>
    public async Task Join(CancellationToken cancellation)
    {
        var sentAt = _clock.GetTimestamp();
        var row = new SiloEntry
        {
            Address = Self,
            Status = SiloStatus.Joining,
            StartedAt = default,
            AliveAt = default,
            Name = _identity.Name,
            HostName = _identity.HostName,
            GatewayPort = _identity.GatewayPort,
        };
        while (await Table.Change(view => MembershipRules.Join(view, row), cancellation) is not null)
        {
            // One change a time: first earlier starts at this address end, then this one is added.
        }

        if (Table.View.Find(Self) is not { Status: not SiloStatus.Dead } own || own.HostName != _identity.HostName)
            throw new OrleansException($"Another silo started at {Self.Endpoint}: each needs an address of its own.");
        _phase = (int)Phase.Inside;
        foreach (var gone in Table.View.Entries.Where(entry => entry.Status == SiloStatus.Dead))
            _messenger.Release(gone.Address);
        Lease.Renew(sentAt);
        Start(BeatForEver);
        await ReachOthers(cancellation);
    }

    /// <summary>Lets the silo host grains.</summary>
    /// <exception cref="OrleansException">It was declared dead meanwhile.</exception>
    public Task Activate(CancellationToken cancellation) => Advance(SiloStatus.Active, cancellation);

    /// <summary>Says that the silo hands its grains over. Completes when the others know.</summary>
    public Task Announce(CancellationToken cancellation) => Advance(SiloStatus.ShuttingDown, cancellation);

    /// <summary>Leaves. Nothing may run in this silo any more.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        if (!End(Phase.Over)) return;
        var left = await Table.Change(
            view => MembershipRules.Advance(view, Self, SiloStatus.Dead), cancellation);
        if (left is not null) await _gossip.Tell(left, cancellation);
    }

    /// <summary>Ends all loops at once; the table is not told.</summary>
    public void Dispose()
    {
        End(Phase.Over);
        Lease.Dispose();
    }

    /// <summary>Reads the table now, unless somebody does already.</summary>
    public async Task Refresh()
    {
        if (Interlocked.Exchange(ref _refreshing, 1) == 1) return;
        try
        {
            await Table.Read(_stopping.Token);
        }
        catch (TableWentBackException error)
        {
            MustEnd(error.Message);
        }
        catch (Exception error) when (MembershipTable.IsOutage(error) || error is OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested) _log.BeatFailed(error, Lease.Left);
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }
    }

    /// <summary>Starts work of the membership on the silo's scheduler.</summary>
    public void Start(Func<Task> work)
    {
        using var _ = FlowSuppression.Begin();
        Task.Factory.StartNew(
            () => Guard(work), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
    }

    private async Task Guard(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The silo stops.
        }
        catch (Exception bug)
        {
            _log.LoopFailed(bug);
        }
    }

    private async Task<MembershipTableSnapshot?> Change(
        Func<MembershipTableSnapshot, TableChange?> decide, CancellationToken cancellation)
    {
        var changed = await Table.Change(decide, cancellation);
        if (changed is not null) Start(() => _gossip.Tell(changed, _stopping.Token));
        return changed;
    }

    private async Task Advance(SiloStatus status, CancellationToken cancellation)
    {
        var view = await Table.Change(table => MembershipRules.Advance(table, Self, status), cancellation);
        if (MembershipRules.MustEnd(Table.View, Self))
            throw new OrleansException($"Silo {Self} was declared dead before it was {status}.");
        if (view is not null) await _gossip.Tell(view, cancellation);
    }

    private async Task ReachOthers(CancellationToken cancellation)
    {
        var began = _clock.GetTimestamp();
        HashSet<SiloAddress> missedBefore = [];
        while (true)
        {
            var missing = await FindUnreachable(cancellation);
            if (missing.Count == 0) return;
            if (MembershipRules.MustEnd(Table.View, Self) || _stopping.IsCancellationRequested)
                throw new OrleansException($"Silo {Self} was declared dead while it joined.");
            RefuseOtherEngine(missing);
            var names = string.Join(", ", missing.Select(finding => $"{finding.Silo} ({finding.Reason})"));
            if (_clock.GetElapsedTime(began) > _options.MaxJoinAttemptTime)
            {
                throw new OrleansException(
                    $"Could not join {_identity.Fleet}: these silos are alive by the table but don't answer: {names}.");
            }

            _log.WaitsToJoin(Self, names);

            // While there is no active silo that may vote, those that join decide; one miss says nothing yet.
            foreach (var (silo, _, _) in missing.Where(finding => missedBefore.Contains(finding.Silo)))
                await Change(view => MembershipRules.Suspect(view, silo, [Self], Limits), cancellation);
            missedBefore = [.. missing.Select(finding => finding.Silo)];
            await Task.Delay(_options.ProbeTimeout / 2, _clock, cancellation);
            await Table.Read(cancellation);
        }
    }

    // They would vote each other out, silo by silo.
    private void RefuseOtherEngine(IReadOnlyList<(SiloAddress Silo, string Reason, bool IsOtherEngine)> missing)
    {
        if (missing.FirstOrDefault(finding => finding.IsOtherEngine).Silo is { } silo)
        {
            throw new OrleansException(
                $"Could not join {_identity.Fleet}: its silo {silo} runs with the official Orleans packages, which "
                + "can't speak to the bundled engine. Stop all silos before the engine is changed.");
        }
    }

    private async Task<IReadOnlyList<(SiloAddress Silo, string Reason, bool IsOtherEngine)>> FindUnreachable(
        CancellationToken cancellation)
    {
        var others = Table.View.Entries.Where(entry => entry.MayHoldGrains && !entry.Address.Equals(Self))
            .Select(entry => entry.Address).ToList();
        var findings = await Task.WhenAll(others.Select(silo => _prober.Probe(silo, cancellation)));
        return
        [
            .. others.Zip(findings, (silo, finding) => (Silo: silo, Finding: finding))
                .Where(probed => probed.Finding.Outcome != ProbeOutcome.Answered)
                .Where(probed => Table.View.StatusOf(probed.Silo) != SiloStatus.Dead)
                .Select(probed => (probed.Silo, probed.Finding.Reason, probed.Finding.IsOtherEngine)),
        ];
    }

    private async Task BeatForEver()
    {
        var pause = _options.IAmAliveTablePublishTimeout;
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(pause, _clock, _stopping.Token);
            var sentAt = _clock.GetTimestamp();
            try
            {
                var view = await Table.Beat(Self, _stopping.Token);
                if (MembershipRules.MustEnd(view, Self)) MustEnd("it reads in the membership table that it is dead");
                else if (Lease.Renew(sentAt)) OnLeaseRegained();
                if (view.Find(Self) is { IsAside: true } && Lease.IsHeld)
                    await Change(table => MembershipRules.Advance(table, Self, SiloStatus.Active), _stopping.Token);
                if (MembershipRules.CleanUp(view, Self, Limits) is not null)
                    await Change(table => MembershipRules.CleanUp(table, Self, Limits), _stopping.Token);
                pause = _options.IAmAliveTablePublishTimeout;
            }
            catch (TableWentBackException error)
            {
                MustEnd(error.Message);
            }
            catch (Exception error) when (MembershipTable.IsOutage(error))
            {
                _log.BeatFailed(error, Lease.Left);
                pause = _options.IAmAliveTablePublishTimeout / 4;
            }
        }
    }

    private void OnView(MembershipTableSnapshot old, MembershipTableSnapshot view)
    {
        foreach (var entry in view.Entries) LogChange(old, view, entry);
        if (_phase != (int)Phase.Inside) return;
        foreach (var entry in view.Entries.Where(entry => entry.Status == SiloStatus.Dead))
        {
            if (old.Find(entry.Address) is { Status: SiloStatus.Dead } || entry.Address.Equals(Self)) continue;
            if (entry.Suspicions.IsEmpty) _messenger.Release(entry.Address);
            else _messenger.Abandon(entry.Address);
        }

        if (MembershipRules.MustEnd(view, Self)) MustEnd("the others declared it dead");
        else _watch.Follow(view);
    }

    private void LogChange(MembershipTableSnapshot old, MembershipTableSnapshot view, SiloEntry entry)
    {
        var before = old.Find(entry.Address)?.Status ?? SiloStatus.None;
        if (before == entry.Status || (before == SiloStatus.None && entry.Status == SiloStatus.Dead)) return;
        if (entry.Address.Equals(Self))
            _log.StatusChanged(Self, entry.Status, view.Version, _identity.Fleet, view.Active.Count());
        else if (entry.Status == SiloStatus.Dead && !entry.Suspicions.IsEmpty)
            _log.OtherDied(view.Version, entry.Address, string.Join(", ", entry.Suspicions.Select(vote => vote.Voter)));
        else _log.OtherChanged(view.Version, entry.Address, before, entry.Status);
    }

    private void OnLeaseLost()
    {
        if (_phase != (int)Phase.Inside) return;
        _log.LeaseLost(Self);
        LeaseChanged(false);
        Start(() => _aside.Seek(_stopping.Token));
    }

    private void OnLeaseRegained()
    {
        _log.LeaseRegained(Self);
        LeaseChanged(true);
    }

    private void MustEnd(string reason)
    {
        if (!End(Phase.Over)) return;
        _log.MustEnd(Self, reason);
        Ended(reason);
    }

    private bool End(Phase phase)
    {
        var was = (Phase)Interlocked.Exchange(ref _phase, (int)phase);
        _stopping.Cancel();
        return was == Phase.Inside;
    }
}
