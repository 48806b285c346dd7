using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// Pushes of one repository between their begin and their end, and the nodes that each is staged to. In memory only:
/// the next activation has never heard of them.
/// </summary>
internal sealed class PushesUnderWay(TimeProvider clock)
{
    // A gateway that died said no word of its pushes.
    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(1);

    private readonly Dictionary<TransactionId, UnderWay> _pushes = [];

    /// <summary>A push is begun: staged to these nodes from now on.</summary>
    public void Begin(TransactionId transaction, ImmutableArray<NodeName> nodes) =>
        _pushes[transaction] = new UnderWay(nodes, clock.GetTimestamp(), IsDeciding: false);

    /// <summary>Its pack is on these nodes, and on no other: who was too slow was left out.</summary>
    public void Staged(TransactionId transaction, ImmutableArray<NodeName> nodes) =>
        _pushes[transaction] = Find(transaction) with { Nodes = nodes };

    /// <summary>The write of its decision is about to be attempted: from now on nobody may call it aborted.</summary>
    public void Decide(TransactionId transaction) =>
        _pushes[transaction] = Find(transaction) with { IsDeciding = true };

    /// <summary>It is over, decided or given up.</summary>
    public void End(TransactionId transaction) => _pushes.Remove(transaction);

    /// <summary>Ends it, if its decision is not attempted yet.</summary>
    /// <returns>The nodes that have something of it to drop; null when nothing was ended.</returns>
    public ImmutableArray<NodeName>? Forsake(TransactionId transaction)
    {
        if (!_pushes.TryGetValue(transaction, out var push) || push.IsDeciding) return null;
        _pushes.Remove(transaction);
        return push.Nodes;
    }

    /// <summary>Whether a push is under way.</summary>
    public bool Contains(TransactionId transaction) => _pushes.ContainsKey(transaction);

    /// <summary>Whether one is under way that leaves <paramref name="node"/> out, and so would outdate it.</summary>
    public bool AnyLeavesOut(NodeName node)
    {
        foreach (var (old, _) in _pushes.Where(p => clock.GetElapsedTime(p.Value.At) > AgeMax).ToList())
            _pushes.Remove(old);
        return _pushes.Values.Any(push => !push.Nodes.Contains(node));
    }

    private UnderWay Find(TransactionId transaction) =>
        _pushes.GetValueOrDefault(transaction, new UnderWay([], clock.GetTimestamp(), IsDeciding: false));

    private sealed record UnderWay(ImmutableArray<NodeName> Nodes, long At, bool IsDeciding);
}
