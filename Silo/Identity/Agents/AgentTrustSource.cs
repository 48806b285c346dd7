using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;
using Aedile.Silo.Model;

namespace Aedile.Silo.Identity.Agents;

/// <summary>
/// What a new agent judges silos by until its first session brings its copy of the model. Safe from any thread.
/// </summary>
internal sealed class AgentTrustSource(ModelReplica replica)
{
    private static readonly ImmutableArray<EntityKind> Kinds =
    [
        EntityKind.Of<FleetSpec>(), EntityKind.Of<SigningKeySpec>(), EntityKind.Of<CertificateAuthoritySpec>(),
        EntityKind.Of<IdentitySpec>(), EntityKind.Of<RevocationSpec>(),
    ];

    /// <summary>As this silo's replica has it. Cost: linear in identities.</summary>
    public AgentTrust Current => Make(replica.Current);

    private static AgentTrust Make(ModelState state)
    {
        var silos = state.List(EntityKind.Of<IdentitySpec>())
            .Where(entity => entity.Spec is IdentitySpec { Type: IdentityType.Silo })
            .Select(entity => entity.Id).ToImmutableHashSet();
        return new AgentTrust(state.Timeline, state.Index, [.. Kinds.SelectMany(state.List).Where(IsOfSilos)]);

        // Agents take calls of silos alone. A single token of a silo is not taken back: it lives for minutes.
        bool IsOfSilos(Entity entity) => entity.Spec switch
        {
            IdentitySpec => silos.Contains(entity.Id),
            RevocationSpec revocation => revocation.Identity is { } identity && silos.Contains(identity),
            _ => true,
        };
    }
}
