using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Identity;

/// <summary>
/// All that has to be known to take or refuse a token, as of one index of the model. Silos make it from their replica,
/// agents from their copy: neither asks anybody. Immutable; a change costs O(log n).
/// </summary>
/// <remarks>
/// What is not in it is refused: an agent's copy holds just those identities that may call the agent.
/// </remarks>
/// <param name="Fleet">Whose tokens are taken.</param>
/// <param name="Keys">The fleet's keys.</param>
/// <param name="Identities">Who may hold tokens.</param>
/// <param name="Roles">What each role of the model allows; those built in are not among them.</param>
/// <param name="Revoked">What was taken back.</param>
/// <param name="ClockSkew">How far apart the clocks of two machines may be.</param>
public sealed record TrustView(
    FleetId Fleet,
    TrustedKeys Keys,
    ImmutableDictionary<EntityId, TrustedIdentity> Identities,
    ImmutableDictionary<EntityId, ImmutableSortedSet<Permission>> Roles,
    Revocations Revoked,
    TimeSpan ClockSkew)
{
    /// <summary>Largest skew that is allowed: with more, an expiry means nothing.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(5);

    /// <summary>The view of a model without entities: every token is refused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The skew is negative or above
    /// <see cref="ClockSkewMax"/>.</exception>
    public static TrustView Empty(FleetId fleet, TimeSpan clockSkew)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clockSkew, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clockSkew, ClockSkewMax);
        return new TrustView(
            fleet, TrustedKeys.None, ImmutableDictionary<EntityId, TrustedIdentity>.Empty,
            ImmutableDictionary<EntityId, ImmutableSortedSet<Permission>>.Empty, Revocations.None, clockSkew);
    }

    /// <summary>The view after a change of one entity. Kinds that no token depends on change nothing.</summary>
    /// <param name="id">The entity's id.</param>
    /// <param name="before">What it said; null when it is new.</param>
    /// <param name="after">What it says; null when it was deleted.</param>
    public TrustView After(EntityId id, EntitySpec? before, EntitySpec? after)
    {
        var view = before is null ? this : Without(id, before);
        return after is null ? view : view.With(id, after);
    }

    private TrustView With(EntityId id, EntitySpec spec) => spec switch
    {
        IdentitySpec identity => this with { Identities = Identities.SetItem(id, TrustedIdentity.Of(identity)) },
        RoleSpec role => this with { Roles = Roles.SetItem(id, role.Permissions) },
        // A key that can't be read is none: its tokens are refused, all others go on.
        SigningKeySpec key when TrustedKey.Of(key) is { } trusted =>
            this with { Keys = Keys.With(id, trusted) },
        RevocationSpec revocation => this with { Revoked = Revoked.With(id, revocation) },
        _ => this,
    };

    private TrustView Without(EntityId id, EntitySpec spec) => spec switch
    {
        IdentitySpec => this with { Identities = Identities.Remove(id) },
        RoleSpec => this with { Roles = Roles.Remove(id) },
        SigningKeySpec key => this with { Keys = Keys.Without(id, key.Kid) },
        RevocationSpec revocation => this with { Revoked = Revoked.Without(id, revocation) },
        _ => this,
    };
}
