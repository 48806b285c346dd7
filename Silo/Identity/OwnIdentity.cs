using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity;

/// <summary>Who this silo is in the model: certificates and tokens name it, and disabling it ends both.</summary>
internal sealed class OwnIdentity(IIdentityModel model, string silo, ILogger<OwnIdentity> log)
{
    /// <summary>Id of the identity; it follows from the silo's name.</summary>
    public EntityId Id { get; } = IdOf(silo);

    /// <summary>Id of the identity of a silo.</summary>
    public static EntityId IdOf(string silo) =>
        EntityId.TryParse($"silo-{silo}", null, out var id) ? id : NamedIds.Of("silo", silo);

    /// <summary>Makes it if there is none. Safe to repeat.</summary>
    /// <returns>Whether it is there, and a silo's.</returns>
    public async Task<bool> Ensure(CancellationToken cancellation)
    {
        if (model.Find(EntityKind.Of<IdentitySpec>(), Id) is { } found)
        {
            if (found.Spec is IdentitySpec { Type: IdentityType.Silo }) return true;
            log.OwnIdentityTaken(Id);
            return false;
        }
        var write = await model.Write(
            $"silo:{silo}", [ModelChange.Create(Id, new IdentitySpec(IdentityType.Silo, [], []))], cancellation);
        return write.Outcome is ModelOutcome.Written;
    }
}
