using System.Collections.Immutable;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The fleet as the application sees it. Before the silo has joined, it is not in it.</summary>
internal sealed class StatusOracle : ISiloStatusOracle
{
    private ImmutableList<ISiloStatusListener> _listeners = [];
    private ILocalSiloDetails? _self;
    private Func<MembershipTableSnapshot> _view = static () => MembershipTableSnapshot.None;

    public SiloAddress SiloAddress => Self.SiloAddress;

    public string SiloName => Self.Name;

    public SiloStatus CurrentStatus => _self is null ? SiloStatus.Created : View.StatusOf(SiloAddress);

    /// <summary>The newest view; empty before the silo has started.</summary>
    public MembershipTableSnapshot View => _view();

    private ILocalSiloDetails Self => _self ?? throw new InvalidOperationException("The silo has not started.");

    /// <summary>Shows a fleet from now on. Once.</summary>
    public void Show(ILocalSiloDetails self, MembershipTable table)
    {
        _view = () => table.View;
        _self = self;
        table.Observe(Tell);
    }

    /// <summary>Shows a fleet of one silo that runs. Once.</summary>
    public void ShowAlone(ILocalSiloDetails self, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var row = new SiloEntry
        {
            Address = self.SiloAddress,
            Status = SiloStatus.Active,
            StartedAt = now,
            AliveAt = now,
            Name = self.Name,
            HostName = self.DnsHostName,
            GatewayPort = self.GatewayAddress?.Endpoint.Port ?? 0,
        };
        var alone = MembershipTableSnapshot.Of(0, now, [row]);
        _view = () => alone;
        _self = self;
    }

    public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => View.StatusOf(siloAddress);

    public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
        (onlyActive ? View.Active : View.Entries).ToDictionary(entry => entry.Address, entry => entry.Status);

    public bool TryGetSiloName(SiloAddress siloAddress, out string siloName)
    {
        siloName = View.Find(siloAddress)?.Name ?? "";
        return View.Find(siloAddress) is not null;
    }

    public bool IsDeadSilo(SiloAddress silo) => View.StatusOf(silo) == SiloStatus.Dead;

    public bool IsFunctionalDirectory(SiloAddress siloAddress) => View.StatusOf(siloAddress) == SiloStatus.Active;

    public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) =>
        ImmutableInterlocked.Update(ref _listeners, old => old.Contains(observer) ? old : old.Add(observer));

    public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) =>
        ImmutableInterlocked.Update(ref _listeners, old => old.Remove(observer));

    private void Tell(MembershipTableSnapshot old, MembershipTableSnapshot view)
    {
        foreach (var entry in view.Entries.Where(entry => old.Find(entry.Address)?.Status != entry.Status))
        {
            foreach (var listener in _listeners) listener.SiloStatusChangeNotification(entry.Address, entry.Status);
        }
    }
}
