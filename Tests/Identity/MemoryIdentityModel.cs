using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;

namespace Aedile.Tests.Identity;

/// <summary>
/// A model in memory that several silos of a test share; keeps expected versions, unique ids and rules.
/// </summary>
internal sealed class MemoryIdentityModel(FleetId fleet, TimeSpan skew, TimeProvider clock) : IIdentityModel
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<EntityKey, Entity> _entities = ImmutableDictionary<EntityKey, Entity>.Empty;
    private long _index;

    public TrustView Trust { get; private set; } = TrustView.Empty(fleet, skew);

    /// <summary>Whether the database is away: nothing is written.</summary>
    public bool IsAway { get; set; }

    public bool IsCurrent => !IsAway;

    /// <summary>Called before the next write is looked at, once.</summary>
    public Action? BeforeWrite { get; set; }

    public int Writes { get; private set; }

    public Entity? Find(EntityKind kind, EntityId id) => _entities.GetValueOrDefault(new EntityKey(kind, id));

    public Entity? FindByName(EntityKind kind, string name) => List(kind).FirstOrDefault(one => one.Name == name);

    public IEnumerable<Entity> List(EntityKind kind) => _entities.Values.Where(one => one.Kind == kind);

    public Task<ModelWrite> Write(
        string actor, IReadOnlyList<ModelChange> changes, CancellationToken cancellation)
    {
        var before = BeforeWrite;
        BeforeWrite = null;
        before?.Invoke();
        lock (_lock) return Task.FromResult(Make(changes));
    }

    /// <summary>Puts an entity there, whatever was there.</summary>
    public Entity Put<TSpec>(string id, TSpec spec, string? name = null) where TSpec : EntitySpec
    {
        lock (_lock)
        {
            var key = EntityKey.Of<TSpec>(EntityId.Parse(id));
            Set(key, spec, name);
            return _entities[key];
        }
    }

    private ModelWrite Make(IReadOnlyList<ModelChange> changes)
    {
        Writes++;
        if (IsAway) return new ModelWrite(ModelOutcome.NotNow);
        foreach (var change in changes)
        {
            if (Find(change.Kind, change.Id)?.Version != change.ExpectedVersion)
                return new ModelWrite(ModelOutcome.Lost);
            if (change.Spec is not null && IdentityRules.FaultsOf(change.Spec).FirstOrDefault() is { } fault)
                return new ModelWrite(ModelOutcome.Refused, fault.Field, fault.Detail);
        }
        foreach (var change in changes) Set(new EntityKey(change.Kind, change.Id), change.Spec, change.Name);
        return new ModelWrite(ModelOutcome.Written);
    }

    private void Set(EntityKey key, EntitySpec? spec, string? name)
    {
        var before = _entities.GetValueOrDefault(key);
        var now = clock.GetUtcNow();
        _entities = spec is null ? _entities.Remove(key) : _entities.SetItem(key, new Entity(
            key.Kind, key.Id, name ?? before?.Name ?? key.Id.Value, before?.CreatedAt ?? now, now, ++_index,
            Entity.NoTags, spec));
        Trust = Trust.After(key.Id, before?.Spec, spec);
    }
}
