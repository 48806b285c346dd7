using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Identity;

/// <summary>What has to be known of an identity to take its tokens.</summary>
/// <param name="Type">What it is.</param>
/// <param name="IsDisabled">Whether nothing of it is taken.</param>
/// <param name="Roles">The roles it has now.</param>
/// <param name="Node">An agent's node.</param>
public sealed record TrustedIdentity(
    IdentityType Type, bool IsDisabled, ImmutableSortedSet<EntityId> Roles, NodeName? Node)
{
    /// <summary>What a spec says of it.</summary>
    public static TrustedIdentity Of(IdentitySpec spec) => new(spec.Type, spec.Disabled, spec.Roles, spec.Node);

    /// <summary>Whether a token of the kind and node can be this identity's.</summary>
    public bool MayHold(AccessToken token) => token.Kind switch
    {
        TokenKind.Agent => Type is IdentityType.Agent && Node == token.Node,
        TokenKind.Silo => Type is IdentityType.Silo,
        TokenKind.Access => Type is IdentityType.Person or IdentityType.Program,
        _ => false,
    };
}
