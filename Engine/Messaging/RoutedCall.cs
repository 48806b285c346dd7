using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>A call of this silo that could not leave at once.</summary>
internal sealed class RoutedCall : IRoutable
{
    private readonly Call _call;
    private readonly Catalog _catalog;

    public RoutedCall(Call call, Catalog catalog)
    {
        (_call, _catalog) = (call, catalog);
        call.IsRouted = true;
    }

    public GrainId Target => _call.Target;

    public long View => _call.Origin?.Request.View ?? 0;

    public bool MayDetour => _call.Origin?.Link.Peer.Silo is null;

    public bool IsOneWay => _call.IsOneWay;

    public bool IsAbandoned => _call.IsAbandoned;

    public void DeliverHere()
    {
        _call.IsRouted = false;
        _catalog.Deliver(_call);
    }

    public bool TrySend(PeerLink link) => _call.TryLeave(link, FrameKind.Request);

    public void Waits(string reason) => _call.Status = reason;

    public void TurnAway(SiloUnavailableException reason)
    {
        if (_call.IsOneWay) _catalog.Dropped(_call, reason.Message);
        _call.TurnAway(reason);
    }
}
