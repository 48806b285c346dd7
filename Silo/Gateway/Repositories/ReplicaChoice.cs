using System.Collections.Concurrent;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Spreads reads: of two random candidates the one with fewer requests in flight (Mitzenmacher, "The Power of Two
/// Choices in Randomized Load Balancing", 2001). Thread-safe.
/// </summary>
/// <param name="pick">Chance: a number below the one given, from any thread.</param>
internal sealed class ReplicaChoice(Func<int, int> pick)
{
    private readonly ConcurrentDictionary<NodeName, Load> _loads = new();

    /// <summary>Takes one candidate out of the list.</summary>
    public NodeName Take(List<NodeName> candidates)
    {
        var index = pick(candidates.Count);
        if (candidates.Count > 1)
        {
            var other = pick(candidates.Count - 1);
            if (other >= index) other++;
            if (Get(candidates[other]).InFlight < Get(candidates[index]).InFlight) index = other;
        }
        var node = candidates[index];
        candidates.RemoveAt(index);
        return node;
    }

    /// <summary>Counts a request until disposed.</summary>
    public IDisposable Enter(NodeName node)
    {
        var load = Get(node);
        Interlocked.Increment(ref load.InFlight);
        return new Visit(load);
    }

    private Load Get(NodeName node) => _loads.GetOrAdd(node, static _ => new Load());

    private sealed class Load
    {
        public int InFlight;
    }

    private sealed class Visit(Load load) : IDisposable
    {
        private Load? _load = load;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _load, null) is { } load) Interlocked.Decrement(ref load.InFlight);
        }
    }
}
