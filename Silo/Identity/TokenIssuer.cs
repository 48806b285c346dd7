using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity.Keys;

namespace Aedile.Silo.Identity;

/// <summary>A token that was issued.</summary>
/// <param name="Text">What its holder sends; kept nowhere.</param>
/// <param name="Token">What it says.</param>
internal sealed record IssuedToken(string Text, AccessToken Token);

/// <summary>Makes tokens with this silo's key. Safe from any thread.</summary>
internal sealed class TokenIssuer(
    IIdentityModel model, SigningKeys keys, IIdSource ids, IdentityOptions options, TimeProvider clock)
{
    /// <summary>Issues a token to an identity.</summary>
    /// <param name="identity">Who gets it; must not be disabled.</param>
    /// <param name="roles">The roles that it may use with it; those that it doesn't have are left out.</param>
    /// <param name="life">How long it lives; cut to the longest that is allowed.</param>
    /// <param name="certificate">The certificate that it is bound to; null for none.</param>
    /// <returns>Null while this silo can't sign, or the identity is not one that gets tokens.</returns>
    public IssuedToken? Issue(
        Entity identity, IEnumerable<EntityId> roles, TimeSpan life, Fingerprint? certificate = null)
    {
        if (identity.Spec is not IdentitySpec { Disabled: false } spec) return null;
        var kind = spec.Type switch
        {
            IdentityType.Person or IdentityType.Program => TokenKind.Access,
            IdentityType.Agent => TokenKind.Agent,
            _ => TokenKind.Unknown,
        };
        return kind is TokenKind.Unknown
            ? null
            : Sign(identity.Id, kind, TokenAudience.Silos, [.. roles.Where(spec.Roles.Contains)], life, spec.Node,
                certificate);
    }

    /// <summary>Issues a token with which a silo calls one agent.</summary>
    /// <param name="silo">The silo's identity.</param>
    /// <param name="node">The agent's node.</param>
    /// <param name="life">How long it lives.</param>
    /// <param name="allowed">What it is for: one of <see cref="AgentCalls"/>.</param>
    /// <returns>Null while this silo can't sign.</returns>
    public IssuedToken? IssueForAgent(EntityId silo, NodeName node, TimeSpan life, EntityId allowed) =>
        Sign(silo, TokenKind.Silo, TokenAudience.AgentOf(node), [allowed], life, null, null);

    private IssuedToken? Sign(
        EntityId identity, TokenKind kind, string audience, ImmutableArray<EntityId> roles, TimeSpan life,
        NodeName? node, Fingerprint? certificate)
    {
        var longest = life < options.TokenLifeMax ? life : options.TokenLifeMax;
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var token = new AccessToken(
            model.Trust.Fleet, identity, kind, audience, roles, TokenId.From(ids.Next()), now, now, now + longest,
            node, certificate);
        return keys.Sign(token) is { } text ? new IssuedToken(text, token) : null;
    }
}
