using System.Collections.Frozen;
using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>
/// Who may do what. Pure; here and not with the grains, because agents, silos and dashboard must give the same answer.
/// What is not allowed is refused.
/// </summary>
public static class Permissions
{
    // Whoever writes these as plain entities could give himself any role: that takes all permissions, not one of them.
    private static readonly FrozenSet<string> Guarded = FrozenSet.Create(
        StringComparer.Ordinal, "authenticators", "certificate-authorities", "external-signers", "fleets",
        "identities", "revocations", "roles", "signing-keys");

    /// <summary>
    /// What the holder of a token that was taken may do: the token's roles, as far as the identity still has them. A
    /// role that was taken away ends with the view that says so, not with the token.
    /// </summary>
    public static ImmutableSortedSet<Permission> Of(AccessToken token, TrustView trust) =>
        trust.Identities.TryGetValue(token.Identity, out var identity)
            ? [.. token.Roles.Where(identity.Roles.Contains).SelectMany(role => OfRole(role, trust))]
            : [];

    /// <summary>What a role allows; nothing when there is no such role.</summary>
    public static ImmutableSortedSet<Permission> OfRole(EntityId role, TrustView trust) =>
        BuiltInRoles.All.TryGetValue(role, out var builtIn) ? builtIn
        : trust.Roles.TryGetValue(role, out var own) ? own : [];

    /// <summary>Whether the holder of a token that was taken may make a call.</summary>
    public static bool Allow(AccessToken token, TrustView trust, Need need) => token.Kind switch
    {
        // Not even the administrator may speak for a node: what an agent says of its disk is believed.
        TokenKind.Access => need.Node is null && Cover(Of(token, trust), need.Permission),
        // And no role that somebody gave to an agent's identity lets it do more than an agent does.
        TokenKind.Agent => need.Node is { } node && node == token.Node && token.Roles.Contains(BuiltInRoles.Agent)
            && trust.Identities.TryGetValue(token.Identity, out var identity)
            && identity.Roles.Contains(BuiltInRoles.Agent),
        _ => false,
    };

    /// <summary>Whether some permission covers what is needed.</summary>
    public static bool Cover(IEnumerable<Permission> granted, Permission needed) =>
        granted.Any(permission => permission.Covers(needed));

    /// <summary>Whether somebody may write entities of a kind as they are.</summary>
    /// <param name="granted">All that he may do.</param>
    /// <param name="plural">The kind, or what else has its name.</param>
    public static bool MayWriteEntities(IReadOnlyCollection<Permission> granted, string plural) =>
        Cover(granted, Need.Write(plural).Permission)
        && (!Guarded.Contains(plural) || Cover(granted, Permission.Parse(Permission.Any)));

    /// <summary>
    /// Whether somebody may give these permissions to others, or change an identity that has them: only who has them
    /// all. Else whoever may write identities could make an administrator, or set an administrator's password.
    /// </summary>
    public static bool MayGrant(ImmutableSortedSet<Permission> granted, IEnumerable<Permission> given) =>
        given.All(permission => Cover(granted, permission));
}
