using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>
/// The fleet's keys by their ids. Nothing keeps an administrator from publishing one key as two entities: it is trusted
/// until both are gone, by the words of the one with the smaller id. Immutable; a change costs O(log n), a look-up too.
/// </summary>
public sealed class TrustedKeys
{
    private readonly ImmutableDictionary<KeyId, ImmutableSortedDictionary<EntityId, TrustedKey>> _entities;

    private TrustedKeys(ImmutableDictionary<KeyId, ImmutableSortedDictionary<EntityId, TrustedKey>> entities) =>
        _entities = entities;

    /// <summary>No keys.</summary>
    public static TrustedKeys None { get; } = new(
        ImmutableDictionary<KeyId, ImmutableSortedDictionary<EntityId, TrustedKey>>.Empty);

    /// <summary>The key of this id; null when nobody published it.</summary>
    public TrustedKey? Find(KeyId kid) => _entities.TryGetValue(kid, out var entities) ? entities.First().Value : null;

    /// <summary>With what one entity says.</summary>
    public TrustedKeys With(EntityId id, TrustedKey key) =>
        new(_entities.SetItem(key.Key.Id, EntitiesOf(key.Key.Id).SetItem(id, key)));

    /// <summary>Without that entity; one that was not there changes nothing.</summary>
    public TrustedKeys Without(EntityId id, KeyId kid)
    {
        var rest = EntitiesOf(kid).Remove(id);
        return new(rest.IsEmpty ? _entities.Remove(kid) : _entities.SetItem(kid, rest));
    }

    private ImmutableSortedDictionary<EntityId, TrustedKey> EntitiesOf(KeyId kid) =>
        _entities.GetValueOrDefault(kid, ImmutableSortedDictionary<EntityId, TrustedKey>.Empty);
}
