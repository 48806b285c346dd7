using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Grains.Model;

namespace Aedile.Silo.Model.Copies;

/// <summary>
/// What agents' copies are made of: the newest entries as the copies see them, and the digest of each part. Holds
/// nothing for an agent but its wish to be woken: who is slow reads later, or begins anew. Thread-safe.
/// </summary>
internal sealed class CopyFeed
{
    /// <summary>Entries that are kept. With more behind, a copy is sent whole.</summary>
    public const int EntriesMax = 4_096;

    // What they may change together: a transaction may change a thousand entities.
    private const int ItemsMax = 50_000;

    private readonly ModelReplica _replica;
    private readonly Lock _gate = new();
    private readonly ImmutableArray<CopyItem>[] _entries = new ImmutableArray<CopyItem>[EntriesMax];
    private readonly Dictionary<CopyPart, HashSet<Action>> _wakes = [];

    // What many agents have is written once: when a thousand come at once, that is nearly all they get.
    private readonly ConditionalWeakTable<Entity, CopiedEntity> _shared = [];
    private Dictionary<CopyPart, UInt128> _digests = [];
    private ModelState _state;
    private long _base;
    private int _items;

    public CopyFeed(ModelReplica replica)
    {
        _replica = replica;
        _state = replica.Current;
        replica.Changed += Take;
        lock (_gate) Begin(replica.Current);
    }

    /// <summary>Wakes a session whenever one of its parts changes, until the answer is disposed of.</summary>
    /// <param name="scope">Its parts.</param>
    /// <param name="wake">Must be quick, and not throw.</param>
    public IDisposable Watch(CopyScope scope, Action wake)
    {
        lock (_gate)
        {
            foreach (var part in scope.Parts)
            {
                if (!_wakes.TryGetValue(part, out var wakes)) _wakes[part] = wakes = [];
                wakes.Add(wake);
            }
        }

        return new Watching(this, scope, wake);
    }

    /// <summary>
    /// Where this silo stands, with the digest of a scope. The age is how long ago it was known to be the newest.
    /// </summary>
    public CopyPoint Stand(CopyScope scope)
    {
        lock (_gate) return Here(scope) with { AgeMs = AgeMs };
    }

    /// <summary>How long ago this silo was known to hold the newest entry, in milliseconds.</summary>
    public long AgeMs => (long)_replica.Age.TotalMilliseconds;

    /// <summary>What a copy lacks; null when it lacks nothing that this silo has.</summary>
    /// <param name="scope">Its parts.</param>
    /// <param name="has">Where it stands.</param>
    public CopyStep? Read(CopyScope scope, CopyPoint has)
    {
        CopyPoint here;
        Dictionary<EntityKey, Entity?> changed;
        lock (_gate)
        {
            here = Here(scope);
            var isSameHistory = has.Timeline == here.Timeline;
            // Ahead of this silo: it waits for its own next entries, and goes on with them.
            if (isSameHistory && has.Index > here.Index) return null;
            if (isSameHistory && has.Index == here.Index)
                return has.Digest == here.Digest ? null : CopyStep.All(here, _state);
            if (!isSameHistory || has.Index < _base)
                return isSameHistory && has.Digest == here.Digest ? CopyStep.Same(here) : CopyStep.All(here, _state);
            changed = ChangesAfter(scope, has.Index);
        }

        // Written outside of the lock: the replica waits for it with every entry.
        return CopyStep.Some(here, changed.ToDictionary(
            pair => CopiedEntity.KeyOf(pair.Key.Kind.Name, pair.Key.Id.Value),
            pair => pair.Value is { } now ? Copy(now) : null, StringComparer.Ordinal));
    }

    /// <summary>
    /// An entity as it is copied. Cost: microseconds; for what many agents have, the first time only.
    /// </summary>
    public CopiedEntity Copy(Entity entity) => CopyRules.PartsOf(entity) is [{ IsOfMany: true }]
        ? _shared.GetValue(entity, CopyRules.Copy)
        : CopyRules.Copy(entity);

    // The replica calls in the order of its states, and holds its own lock meanwhile.
    private void Take(ModelState before, ModelState after, JournalEntry? entry)
    {
        List<Action> wakes = [];
        lock (_gate)
        {
            // This object was made while the replica was at work, and has seen the state already.
            if (ReferenceEquals(_state, after)) return;
            if (entry is null || !ReferenceEquals(_state, before)) Begin(after);
            else Add(after, [.. CopyItem.Of(before, after, entry)], wakes);
            if (entry is null) wakes.AddRange(_wakes.Values.SelectMany(watching => watching).Distinct());
        }

        foreach (var wake in wakes) wake();
    }

    private void Begin(ModelState state)
    {
        (_state, _base, _items) = (state, state.Index, 0);
        Array.Clear(_entries);
        _digests = [];
        foreach (var entity in EntityKinds.All.SelectMany(state.List))
        {
            if (CopyRules.PartsOf(entity) is not [_, ..] parts) continue;
            var digest = CopyItem.DigestOf(state, entity);
            foreach (var part in parts) Add(part, digest);
        }
    }

    private void Add(ModelState after, ImmutableArray<CopyItem> items, List<Action> wakes)
    {
        _state = after;
        Keep(after.Index, items);
        foreach (var item in items)
        {
            Add(item.Part, item.Difference);
            if (_wakes.TryGetValue(item.Part, out var watching)) wakes.AddRange(watching);
        }
    }

    private void Keep(long index, ImmutableArray<CopyItem> items)
    {
        ref var place = ref _entries[index % EntriesMax];
        _items += items.Length - (place.IsDefault ? 0 : place.Length);
        place = items;
        if (index - _base > EntriesMax) _base++;
        while (_items > ItemsMax && _base < index)
        {
            ref var oldest = ref _entries[++_base % EntriesMax];
            _items -= oldest.Length;
            oldest = [];
        }
    }

    private Dictionary<EntityKey, Entity?> ChangesAfter(CopyScope scope, long index)
    {
        var changed = new Dictionary<EntityKey, Entity?>();
        for (var i = index + 1; i <= _state.Index; i++)
        {
            foreach (var item in _entries[i % EntriesMax])
            {
                if (scope.Parts.Contains(item.Part)) changed[item.Key] = item.After;
            }
        }

        return changed;
    }

    private CopyPoint Here(CopyScope scope)
    {
        UInt128 digest = 0;
        foreach (var part in scope.Parts) digest = unchecked(digest + _digests.GetValueOrDefault(part));
        return new CopyPoint(_state.Timeline, _state.Index, CopyPoint.TextOf(digest), 0);
    }

    private void Add(CopyPart part, UInt128 difference)
    {
        var digest = unchecked(_digests.GetValueOrDefault(part) + difference);
        if (digest == 0) _digests.Remove(part);
        else _digests[part] = digest;
    }

    private sealed class Watching(CopyFeed feed, CopyScope scope, Action wake) : IDisposable
    {
        public void Dispose()
        {
            lock (feed._gate)
            {
                foreach (var part in scope.Parts)
                {
                    if (!feed._wakes.TryGetValue(part, out var wakes)) continue;
                    wakes.Remove(wake);
                    if (wakes.Count == 0) feed._wakes.Remove(part);
                }
            }
        }
    }
}
