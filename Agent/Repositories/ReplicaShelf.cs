using System.Collections.Concurrent;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Finds replicas: their folders below the data folder, and the one object for each in this process.</summary>
internal sealed class ReplicaShelf(string root)
{
    private readonly ConcurrentDictionary<RepositoryId, Replica> _replicas = new();

    /// <summary>Folder of all replicas.</summary>
    public string ReplicasPath { get; } = Path.Combine(root, "replicas");

    /// <summary>Folder of the journal.</summary>
    public string JournalPath { get; } = Path.Combine(root, "journal");

    /// <summary>The replica's object, made when it is missing. Two levels of folders keep directories short.</summary>
    public Replica this[RepositoryId id] => _replicas.GetOrAdd(
        id, (key, path) => new Replica(key, Path.Combine(path, key.Value[..2], key.Value[2..4], key.Value + ".git")),
        ReplicasPath);
}
