using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>The other silos that this one has, or had, to do with.</summary>
internal sealed class SiloPeers(SiloAddress self, Func<SiloAddress, Task<PeerLink>> dial)
{
    // One lock: the order of enumeration then depends on nothing but what was added.
    private readonly ConcurrentDictionary<SiloAddress, SiloPeer> _peers = new(concurrencyLevel: 1, capacity: 31);

    public SiloPeer this[SiloAddress silo] =>
        _peers.TryGetValue(silo, out var known) ? known : _peers.GetOrAdd(silo, new SiloPeer(self, silo, dial));

    /// <summary>All of them, in the order of their addresses.</summary>
    public IEnumerable<SiloPeer> All =>
        _peers.OrderBy(pair => pair.Key).Select(pair => pair.Value);
}
