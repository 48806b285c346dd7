using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.Keys;

namespace Aedile.Silo.Identity.Agents;

/// <summary>Gives agents their certificate and token. Safe from any thread.</summary>
internal sealed class AgentGrants(
    IIdentityModel model, SiloAuthority authority, SigningKeys keys, TokenIssuer issuer, AgentTrustSource trust,
    IdentityOptions options, TimeProvider clock)
{
    /// <summary>Whether this silo can give any now.</summary>
    public bool CanIssue => authority.CanIssue && keys.CanSign;

    /// <summary>Issues both, for as long as the first of them lives.</summary>
    /// <param name="identity">The agent's identity.</param>
    /// <param name="key">Its key, of which it has proven to hold the private half.</param>
    /// <returns>Null while this silo can't, or the identity is not an agent's.</returns>
    public AgentGrant? Issue(Entity identity, PublicKey key)
    {
        if (identity.Spec is not IdentitySpec { Type: IdentityType.Agent, Node: { } node, Disabled: false } spec)
            return null;
        var now = clock.GetUtcNow();
        var name = new PeerName(model.Trust.Fleet, identity.Id);
        // What it may be called is decided here: the request gave nothing but its key.
        using var certificate = authority.Issue(new CertificateOrder(
            name, key, [AgentCalls.HostOf(node), "localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback],
            options.CertificateLife));
        var token = issuer.Issue(identity, spec.Roles, options.CertificateLife);
        if (certificate is null || token is null) return null;
        var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        return new AgentGrant(
            identity.Id, node, token.Text, Base64Url.EncodeToString(certificate.RawData), now,
            end < token.Token.ExpiresAt ? end : token.Token.ExpiresAt, trust.Current);
    }
}
