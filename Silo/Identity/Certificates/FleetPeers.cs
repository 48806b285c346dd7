using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>
/// Who shows a certificate, by the authorities and identities that the model has now. Safe from any thread.
/// </summary>
internal sealed class FleetPeers(IIdentityModel model, TimeProvider clock)
{
    private volatile Kept? _kept;

    /// <summary>Whether a silo of this fleet shows it.</summary>
    public bool IsSilo(X509Certificate2? certificate, PeerUse use) =>
        Find(certificate, use) is (_, { Type: IdentityType.Silo, IsDisabled: false });

    /// <summary>Whether the agent of a node shows it.</summary>
    public bool IsAgentOf(NodeName node, X509Certificate2? certificate, PeerUse use) =>
        Find(certificate, use) is (_, { Type: IdentityType.Agent, IsDisabled: false } agent) && agent.Node == node;

    /// <summary>The identity that a certificate of the fleet's authorities names; null when none vouches for it.
    /// </summary>
    public EntityId? Identify(X509Certificate2? certificate, PeerUse use) => Find(certificate, use)?.Id;

    private (EntityId Id, TrustedIdentity Identity)? Find(X509Certificate2? certificate, PeerUse use)
    {
        if (certificate is null || Trust().Identify(certificate, use, clock.GetUtcNow()) is not { } name) return null;
        return model.Trust.Identities.TryGetValue(name.Identity, out var identity) ? (name.Identity, identity) : null;
    }

    /// <summary>The authorities that the model has now: the same object until they change.</summary>
    public PeerTrust Trust()
    {
        var kept = _kept;
        var fleet = model.Trust.Fleet;
        // The list of a kind is another object after each change of the kind.
        var authorities = model.List(EntityKind.Of<CertificateAuthoritySpec>());
        if (kept is not null && kept.Fleet == fleet && ReferenceEquals(kept.Authorities, authorities))
            return kept.Trust;
        var trust = PeerTrust.Of(
            fleet, authorities.Select(entity => entity.Spec).OfType<CertificateAuthoritySpec>());
        _kept = new Kept(fleet, authorities, trust);
        return trust;
    }

    private sealed record Kept(FleetId Fleet, IEnumerable<Entity> Authorities, PeerTrust Trust);
}
