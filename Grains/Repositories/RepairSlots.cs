using System.Collections.Concurrent;
using Aedile.Client.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Grains.Repositories;

/// <summary>Bounds how many repairs of this silo's repositories run towards one node at a time.</summary>
public sealed class RepairSlots(IOptions<RepositoryOptions> options)
{
    private readonly ConcurrentDictionary<NodeName, SemaphoreSlim> _nodes = new();

    /// <summary>Waits for a place, first come first served. Dispose the result to give it back.</summary>
    public async Task<IDisposable> Enter(NodeName node)
    {
        var places = _nodes.GetOrAdd(node, _ => new SemaphoreSlim(options.Value.RepairsPerNode));
        await places.WaitAsync();
        return new Place(places);
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
