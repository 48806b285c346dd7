using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Aedile.Engine.Turns;

namespace Aedile.Engine.Messaging;

/// <summary>
/// The transport of a silo among others: calls go to wherever the router says that their grain lives.
/// </summary>
internal sealed class ClusterTransport(
    Catalog catalog, IRouter router, SiloPeers peers, RequestRoute route, WorkRunner runner) : ITransport
{
    public void Send(Call call)
    {
        var owner = router.OwnerOf(call.Target);
        if (owner is not null && owner.Equals(router.Self))
        {
            var ready = router.WhenMayHost(call.Target, CancellationToken.None);
            if (ready.IsCompletedSuccessfully) catalog.Deliver(call);
            else Later(call, null);
        }
        else if (owner is null || peers[owner].Link is not { } link || !link.TrySend(call))
        {
            Later(call, null);
        }
    }

    /// <summary>Sends a call that surely did not run, after a pause or with the next view.</summary>
    public void Retry(Call call, string reason) => Later(call, reason);

    // Not on the caller's stack: that may be a grain's turn, and waiting would go on inside of that grain.
    private void Later(Call call, string? reason) => runner.Run(new Wait(route, new RoutedCall(call, catalog), reason));

    private sealed class Wait(RequestRoute route, RoutedCall call, string? reason) : IThreadPoolWorkItem
    {
        public void Execute() => _ = route.Go(call, reason);
    }
}
