using System.Collections.Immutable;

namespace Aedile.Client.Model.Copies;

/// <summary>
/// What an agent has of the model, as of one index. Immutable: a reader holds one version as long as it likes. Cost of
/// a look-up: some hundred nanoseconds.
/// </summary>
public sealed record ModelCopy
{
    private static readonly ImmutableSortedDictionary<string, (CopiedEntity Copied, Entity? Read)> None =
        ImmutableSortedDictionary.Create<string, (CopiedEntity Copied, Entity? Read)>(StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, (CopiedEntity Copied, Entity? Read)> Entities { get; init; } = None;

    /// <summary>Of the history that it follows; empty before the first.</summary>
    public string Timeline { get; init; } = "";

    /// <summary>Index that it is as of.</summary>
    public long Index { get; init; }

    /// <summary>The sum of its entities' digests.</summary>
    public UInt128 Digest { get; init; }

    /// <summary>How many entities it has.</summary>
    public int Count => Entities.Count;

    /// <summary>How many of them this program can't read: a newer silo wrote them.</summary>
    public int Unreadable { get; init; }

    /// <summary>The copy of an agent that never had one.</summary>
    public static ModelCopy Empty { get; } = new();

    /// <summary>Where it stands.</summary>
    public CopyPoint Point => new(Timeline, Index, CopyPoint.TextOf(Digest), 0);

    /// <summary>As silos wrote them, in the order of their keys.</summary>
    public IEnumerable<CopiedEntity> All => Entities.Values.Select(entity => entity.Copied);

    /// <summary>Those that this program can read, in the order of their keys. Cost: linear in the copy.</summary>
    public IEnumerable<Entity> Readable => Entities.Values.Select(entity => entity.Read).OfType<Entity>();

    /// <summary>The entity of this key; null when the copy has none that can be read.</summary>
    public Entity? Find(EntityKey key) =>
        Entities.GetValueOrDefault(CopiedEntity.KeyOf(key.Kind.Name, key.Id.Value)).Read;

    /// <summary>The spec of an entity; null when the copy has none that can be read.</summary>
    public TSpec? Find<TSpec>(EntityId id) where TSpec : EntitySpec => Find(EntityKey.Of<TSpec>(id))?.Spec as TSpec;

    /// <summary>The entities of a kind, by id. Cost: linear in the copy.</summary>
    public IEnumerable<Entity> List(EntityKind kind) =>
        Readable.Where(entity => entity.Kind == kind);

    /// <summary>At another index, with the same content.</summary>
    public ModelCopy At(string timeline, long index) => this with { Timeline = timeline, Index = index };

    /// <summary>With entities changed or added, and others removed; one that isn't there is passed over.</summary>
    public ModelCopy With(IEnumerable<CopiedEntity> changed, IEnumerable<string> removed)
    {
        var entities = Entities.ToBuilder();
        var (digest, unreadable) = (Digest, Unreadable);
        foreach (var key in removed) Remove(key);
        foreach (var copied in changed)
        {
            Remove(copied.Key);
            var read = copied.Read();
            entities.Add(copied.Key, (copied, read));
            digest = unchecked(digest + copied.Digest());
            if (read is null) unreadable++;
        }

        return this with { Entities = entities.ToImmutable(), Digest = digest, Unreadable = unreadable };

        void Remove(string key)
        {
            if (!entities.TryGetValue(key, out var before)) return;
            entities.Remove(key);
            digest = unchecked(digest - before.Copied.Digest());
            if (before.Read is null) unreadable--;
        }
    }
}
