using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Grains.Model.Kinds;

/// <summary>The rules of a kind of identity: those of <see cref="IdentityRules"/>, and what it refers to.</summary>
internal abstract class IdentityKindRules<TSpec> : KindRules<TSpec> where TSpec : EntitySpec
{
    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, TSpec spec) =>
        IdentityRules.FaultsOf(spec).Select(fault => new Flaw($"spec.{fault.Field}", fault.Detail)).FirstOrDefault();
}

internal sealed class FleetRules : KindRules<FleetSpec>
{
    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, FleetSpec spec)
    {
        if (entity.Id != FleetSpec.OnlyId) return new Flaw("id", $"There is one fleet, '{FleetSpec.OnlyId}'.");
        return spec.Fleet == default ? new Flaw("spec.fleet", "A fleet has an identity.") : null;
    }

    /// <inheritdoc/>
    protected override Flaw? CheckChange(FleetSpec before, FleetSpec after) =>
        before.Fleet == after.Fleet ? null : new Flaw("spec.fleet", "A fleet's identity never changes.");
}

internal sealed class IdentitySpecRules : IdentityKindRules<IdentitySpec>
{
    /// <inheritdoc/>
    protected override Flaw? CheckChange(IdentitySpec before, IdentitySpec after) =>
        before.Type == after.Type ? null : new Flaw("spec.type", "An identity's type never changes.");

    /// <inheritdoc/>
    protected override IEnumerable<Reference> ReferencesOf(IdentitySpec spec)
    {
        foreach (var (place, role) in spec.Roles.Index())
        {
            if (!BuiltInRoles.All.ContainsKey(role))
                yield return new Reference(EntityKey.Of<RoleSpec>(role), $"spec.roles[{place}]");
        }
        if (spec.External is { } account)
            yield return new Reference(EntityKey.Of<ExternalSignerSpec>(account.Signer), "spec.external.signer");
    }
}

internal sealed class RoleRules : IdentityKindRules<RoleSpec>
{
    /// <inheritdoc/>
    protected override Flaw? Check(Entity entity, RoleSpec spec) => BuiltInRoles.All.ContainsKey(entity.Id)
        ? new Flaw("id", $"The role '{entity.Id}' is built in.")
        : base.Check(entity, spec);
}

internal sealed class AuthenticatorRules : IdentityKindRules<AuthenticatorSpec>
{
    /// <inheritdoc/>
    protected override Flaw? CheckChange(AuthenticatorSpec before, AuthenticatorSpec after)
    {
        if (before.Identity != after.Identity) return new Flaw("spec.identity", "An authenticator stays somebody's.");
        // What was spent stays spent, whoever writes.
        return before.Enrolment is { UsedAt: { } used } && after.Enrolment?.UsedAt != used
            ? new Flaw("spec.enrolment.usedAt", "An enrolment token that was used stays used.")
            : null;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Reference> ReferencesOf(AuthenticatorSpec spec) =>
        [new Reference(EntityKey.Of<IdentitySpec>(spec.Identity), "spec.identity")];
}

internal sealed class SigningKeyRules : IdentityKindRules<SigningKeySpec>
{
    /// <inheritdoc/>
    protected override Flaw? CheckChange(SigningKeySpec before, SigningKeySpec after) =>
        before == after ? null : new Flaw("spec", "A signing key never changes; delete it to withdraw it.");
}

internal sealed class ExternalSignerRules : IdentityKindRules<ExternalSignerSpec>;

internal sealed class CertificateAuthorityRules : IdentityKindRules<CertificateAuthoritySpec>
{
    /// <inheritdoc/>
    protected override Flaw? CheckChange(CertificateAuthoritySpec before, CertificateAuthoritySpec after) =>
        before == after ? null : new Flaw("spec", "An authority never changes; delete it to withdraw it.");
}

internal sealed class RevocationRules : IdentityKindRules<RevocationSpec>
{
    /// <inheritdoc/>
    protected override Flaw? CheckChange(RevocationSpec before, RevocationSpec after) =>
        before == after ? null : new Flaw("spec", "A revocation never changes; delete it to take it back.");
}
