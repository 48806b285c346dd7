using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>The objects of a repository that git would find: those of whole packs that have an index.</summary>
internal sealed class ObjectStore
{
    private readonly SortedDictionary<string, string> _objects = new(StringComparer.Ordinal);

    public ObjectStore(DiskImage image, string repository, string? quarantine)
    {
        Read(image, Path.Combine(repository, "objects", "pack"));
        if (quarantine is not null) Read(image, Path.Combine(quarantine, "pack"));
    }

    /// <summary>All of them, with their parents.</summary>
    public IReadOnlyDictionary<string, string> All => _objects;

    /// <summary>The first object that is missing on the way from a tip to its root; null when none is.</summary>
    public string? FirstMissing(string tip)
    {
        var at = tip;
        while (_objects.TryGetValue(at, out var parent)) at = parent;
        return at == RefUpdate.Zero ? null : at;
    }

    private void Read(DiskImage image, string folder)
    {
        foreach (var (name, _) in image.List(folder))
        {
            if (!name.EndsWith(".idx", StringComparison.Ordinal)) continue;
            var path = Path.Combine(folder, Path.ChangeExtension(name, ".pack"));
            if (!image.Exists(path) || image.Read(Path.Combine(folder, name)).Length == 0) continue;
            if (SimulatedPack.Parse(image.Read(path)) is not { } pack) continue;
            foreach (var (id, parent) in pack.Objects) _objects[id] = parent;
        }
    }
}
