using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>A call of this silo that could not leave at once.</summary>
internal sealed class RoutedCall(Call call, Catalog catalog) : IRoutable
{
    public GrainId Target => call.Target;

    public long View => call.Origin?.Request.View ?? 0;

    public bool IsAbandoned => call.IsAbandoned;

    public bool MayDetour => call.Origin?.Link.Peer.Silo is null;

    public void DeliverHere() => catalog.Deliver(call);

    public bool TrySend(PeerLink link) => link.TrySend(call);

    public void TurnAway(SiloUnavailableException reason) => call.TurnAway(reason);
}
