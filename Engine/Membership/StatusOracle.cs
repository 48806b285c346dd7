using System.Collections.Immutable;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The fleet as the application sees it. Before the silo has joined, it is not in it.</summary>
internal sealed class StatusOracle : ISiloStatusOracle
{
    private ImmutableList<ISiloStatusListener> _listeners = [];
    private ILocalSiloDetails? _self;
    private MembershipTable? _table;

    public SiloAddress SiloAddress => Self.SiloAddress;

    public string SiloName => Self.Name;

    public SiloStatus CurrentStatus => _table is null ? SiloStatus.Created : View.StatusOf(SiloAddress);

    private ILocalSiloDetails Self => _self ?? throw new InvalidOperationException("The silo has not started.");

    private MembershipTableSnapshot View => _table?.View ?? MembershipTableSnapshot.None;

    /// <summary>Shows a fleet from now on. Once.</summary>
    public void Show(ILocalSiloDetails self, MembershipTable table)
    {
        (_self, _table) = (self, table);
        table.Observe(Tell);
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
