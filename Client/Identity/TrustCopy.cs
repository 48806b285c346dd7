using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Identity;

/// <summary>
/// By what an agent judges tokens and certificates: made of entities, be they from a grant or from its copy of the
/// model. Immutable.
/// </summary>
/// <param name="Tokens">Judges tokens.</param>
/// <param name="Peers">Judges certificates.</param>
public sealed record TrustCopy(TrustView Tokens, PeerTrust Peers)
{
    /// <summary>How far apart the clocks of a silo and an agent may be.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Whether anything here depends on an entity.</summary>
    public static bool RestsOn(Entity entity) => entity.Spec
        is FleetSpec or RoleSpec or SigningKeySpec or CertificateAuthoritySpec or IdentitySpec or RevocationSpec;

    /// <summary>Makes it. Cost: linear in the entities.</summary>
    /// <returns>Null when they name no fleet: nobody could be trusted by them.</returns>
    public static TrustCopy? TryOf(IReadOnlyCollection<Entity> entities)
    {
        var specs = entities.Select(entity => entity.Spec).ToList();
        if (specs.OfType<FleetSpec>().FirstOrDefault() is not { Fleet: var fleet }) return null;
        var view = entities.Aggregate(
            TrustView.Empty(fleet, ClockSkew), static (view, entity) => view.After(entity.Id, null, entity.Spec));
        return new TrustCopy(view, PeerTrust.Of(fleet, specs.OfType<CertificateAuthoritySpec>()));
    }

    /// <summary>Makes it of what came with a grant.</summary>
    /// <exception cref="InvalidDataException">It names no fleet.</exception>
    public static TrustCopy Of(AgentTrust trust) => TryOf(trust.Entities)
        ?? throw new InvalidDataException("The copy of the trust names no fleet.");

    /// <summary>Whether a name that a certificate has is that of a silo which still may be one.</summary>
    public bool IsSilo(PeerName name) => Tokens.Identities.TryGetValue(name.Identity, out var identity)
        && identity is { Type: IdentityType.Silo, IsDisabled: false };
}
