using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.Keys;

namespace Aedile.Silo.Identity;

/// <summary>
/// What a silo does for the fleet's identity and its own, in order. Each step is safe to repeat, by several silos at
/// once too; what is not done now is done by a later turn.
/// </summary>
internal sealed class IdentityDuties(
    IIdentityModel model, SigningKeys keys, OwnIdentity own, SiloAuthority authority, OwnCertificate certificate,
    AuthoritiesFile file, IIdSource ids)
{
    private const string Actor = "silo";

    /// <summary>Whether this silo can sign tokens and show a certificate now.</summary>
    public bool CanProve => keys.CanSign && certificate.Current is not null;

    /// <summary>Does what is due.</summary>
    /// <returns>Whether all of it was done.</returns>
    public async Task<bool> Turn(CancellationToken cancellation)
    {
        // Keys first: with an old copy of the model, too, they are opened and sign.
        var isDone = await keys.Turn(cancellation) && await EnsureFleet(cancellation)
            && await own.Ensure(cancellation);
        isDone = await authority.Turn(cancellation) && isDone;
        file.Turn();
        return certificate.Turn() && isDone;
    }

    private async Task<bool> EnsureFleet(CancellationToken cancellation)
    {
        if (model.Find(EntityKind.Of<FleetSpec>(), FleetSpec.OnlyId) is not null) return true;
        var spec = new FleetSpec(FleetId.Parse(ids.Next().ToString("N")));
        var write = await model.Write(Actor, [ModelChange.Create(FleetSpec.OnlyId, spec)], cancellation);
        return write.Outcome is ModelOutcome.Written; // If not, another silo was faster, or not now.
    }
}
