using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>What a token says. Times are whole seconds, UTC.</summary>
/// <param name="Fleet">Whose silo issued it (<c>iss</c>).</param>
/// <param name="Identity">Who holds it (<c>sub</c>).</param>
/// <param name="Kind">What it is for (<c>kind</c>).</param>
/// <param name="Audience">Who takes it (<c>aud</c>): see <see cref="TokenAudience"/>.</param>
/// <param name="Roles">
/// The roles that its holder may use with it (<c>roles</c>); never more than the holder has.
/// </param>
/// <param name="Id">Which token (<c>jti</c>).</param>
/// <param name="IssuedAt">When it was issued (<c>iat</c>).</param>
/// <param name="NotBefore">From when it is taken (<c>nbf</c>).</param>
/// <param name="ExpiresAt">Until when it is taken (<c>exp</c>).</param>
/// <param name="Node">The node of an agent's token (<c>node</c>); null for others.</param>
/// <param name="Certificate">
/// Whoever shows it must hold this certificate's key (<c>cnf</c>, RFC 8705); null: who has the text has the token.
/// </param>
public sealed record AccessToken(
    FleetId Fleet, EntityId Identity, TokenKind Kind, string Audience, ImmutableArray<EntityId> Roles, TokenId Id,
    DateTimeOffset IssuedAt, DateTimeOffset NotBefore, DateTimeOffset ExpiresAt, NodeName? Node = null,
    Fingerprint? Certificate = null);
