using Aedile.Client.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// Repositories whose activation in this silo ended with something still to do: it lost its row, or its place to
/// another silo. The silo wakes them until one answers: otherwise a replica could stay outdated until the next push or
/// read. Thread-safe.
/// </summary>
/// <remarks>It needn't survive the silo: a silo that starts tells every repository of its nodes' sessions.</remarks>
public sealed class LostRows
{
    private readonly Lock _gate = new();
    private readonly HashSet<RepositoryId> _ids = [];

    /// <summary>An activation is ending with something still to do.</summary>
    public void Add(RepositoryId id)
    {
        lock (_gate) _ids.Add(id);
    }

    /// <summary>Takes all; whoever takes them wakes them or adds them again.</summary>
    public IReadOnlyList<RepositoryId> Take()
    {
        lock (_gate)
        {
            RepositoryId[] taken = [.. _ids];
            _ids.Clear();
            return taken;
        }
    }
}
