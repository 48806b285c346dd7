using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>Body of <c>POST /v1/agents/enrol</c>, which needs no other token than this one.</summary>
/// <param name="EnrolmentToken">The one-time token.</param>
/// <param name="SigningRequest">A request for a certificate (PKCS #10, DER, base64url) of the agent's own key.</param>
public sealed record AgentEnrolRequest(string EnrolmentToken, string SigningRequest);

/// <summary>Body of <c>POST /v1/agents/renew</c>, which an agent sends with its token.</summary>
/// <param name="SigningRequest">As in <see cref="AgentEnrolRequest"/>.</param>
public sealed record AgentRenewRequest(string SigningRequest);

/// <summary>What an agent is given when it enrols, and again before that ends. It keeps it as it came.</summary>
/// <param name="Identity">Whom silos know it by.</param>
/// <param name="Node">Its node: it is this one and no other.</param>
/// <param name="Token">What it shows silos; allows its own node's calls.</param>
/// <param name="Certificate">What it shows on connections: for the key of its request (DER, base64url).</param>
/// <param name="IssuedAt">When both were issued (UTC).</param>
/// <param name="ExpiresAt">When the first of both ends (UTC).</param>
/// <param name="Trust">Whom it may believe, until its own copy of the model is as new.</param>
public sealed record AgentGrant(
    EntityId Identity, NodeName Node, string Token, string Certificate, DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt, AgentTrust Trust)
{
    /// <summary>When it is to be renewed: after two thirds of its life, so that there is time for many tries.</summary>
    public DateTimeOffset RenewAt => IssuedAt + ((ExpiresAt - IssuedAt) * 2 / 3);
}

/// <summary>
/// The part of the model by which an agent judges silos: the fleet, its keys and authorities, its silos' identities,
/// and what was taken back from these.
/// </summary>
/// <param name="Timeline">Which history of the model the index is of.</param>
/// <param name="Index">The model's index that it shows.</param>
/// <param name="Entities">All of them.</param>
public sealed record AgentTrust(string Timeline, long Index, ImmutableArray<Entity> Entities);
