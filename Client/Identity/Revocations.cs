using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Identity;

/// <summary>
/// What was taken back, indexed for the question of each request. Immutable; a change costs O(log n), a question too.
/// </summary>
public sealed class Revocations
{
    private readonly ImmutableDictionary<TokenId, ImmutableHashSet<EntityId>> _tokens;
    private readonly ImmutableDictionary<EntityId, ImmutableDictionary<EntityId, DateTimeOffset>> _identities;

    private Revocations(
        ImmutableDictionary<TokenId, ImmutableHashSet<EntityId>> tokens,
        ImmutableDictionary<EntityId, ImmutableDictionary<EntityId, DateTimeOffset>> identities) =>
        (_tokens, _identities) = (tokens, identities);

    /// <summary>Nothing was taken back.</summary>
    public static Revocations None { get; } = new(
        ImmutableDictionary<TokenId, ImmutableHashSet<EntityId>>.Empty,
        ImmutableDictionary<EntityId, ImmutableDictionary<EntityId, DateTimeOffset>>.Empty);

    /// <summary>Whether a token was taken back.</summary>
    public bool Contain(AccessToken token) =>
        _tokens.ContainsKey(token.Id)
        // In doubt it is taken back: times are whole seconds, and one issued a moment later is easily had again.
        || (_identities.TryGetValue(token.Identity, out var moments)
            && moments.Values.Any(moment => token.IssuedAt <= moment));

    /// <summary>With one entity more.</summary>
    /// <param name="id">The revocation's own id.</param>
    /// <param name="spec">What it says.</param>
    public Revocations With(EntityId id, RevocationSpec spec)
    {
        var tokens = spec.Token is { } token
            ? _tokens.SetItem(token, _tokens.GetValueOrDefault(token, []).Add(id))
            : _tokens;
        var identities = spec is { Identity: { } identity, IssuedBefore: { } moment }
            ? _identities.SetItem(identity, MomentsOf(identity).SetItem(id, moment))
            : _identities;
        return new Revocations(tokens, identities);
    }

    /// <summary>Without that entity.</summary>
    public Revocations Without(EntityId id, RevocationSpec spec)
    {
        var (tokens, identities) = (_tokens, _identities);
        if (spec.Token is { } token && tokens.TryGetValue(token, out var ids))
        {
            ids = ids.Remove(id);
            tokens = ids.IsEmpty ? tokens.Remove(token) : tokens.SetItem(token, ids);
        }
        if (spec.Identity is { } identity)
        {
            var moments = MomentsOf(identity).Remove(id);
            identities = moments.IsEmpty ? identities.Remove(identity) : identities.SetItem(identity, moments);
        }
        return new Revocations(tokens, identities);
    }

    private ImmutableDictionary<EntityId, DateTimeOffset> MomentsOf(EntityId identity) =>
        _identities.GetValueOrDefault(identity, ImmutableDictionary<EntityId, DateTimeOffset>.Empty);
}
