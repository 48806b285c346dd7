using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;
using Aedile.Silo.Identity.Passwords;

namespace Aedile.Silo.Gateway.Access;

/// <summary>
/// What an administrator does about identities: makes them with a one-time code, sets passwords and certificates, locks
/// out and lets in again. It takes all permissions, for whoever sets a password can be that person. One's own password
/// everybody changes who knows it.
/// </summary>
internal sealed class IdentityDesk(
    IIdentityModel model, PasswordLogin logins, PasswordHasher hasher, LoginGate gate, IIdSource ids,
    TimeProvider clock)
{
    private const string Kind = "identities";

    /// <summary>How long a one-time code is good.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromDays(7);

    /// <summary>Makes an identity and a one-time code for it, both or none.</summary>
    /// <returns>The code, which is kept nowhere, or why there is none.</returns>
    public async Task<(string? Code, Refusal? Refusal)> Create(
        Caller caller, EntityId id, string? name, IdentitySpec spec, CancellationToken cancellation)
    {
        if (WhyNot(caller) is { } forbidden) return (null, forbidden);
        var (code, proof, authenticator) = NewCode(CodeLife);
        var refusal = await Write(caller,
        [
            ModelChange.Create(id, spec, name),
            ModelChange.Create(authenticator, new AuthenticatorSpec(id, Enrolment: proof)),
        ], cancellation);
        return refusal is null ? (code, null) : (null, refusal);
    }

    /// <summary>Makes another one-time code for somebody who is there.</summary>
    public async Task<(EnrolmentResource? Code, Refusal? Refusal)> MakeCode(
        Caller caller, EntityId id, TimeSpan life, CancellationToken cancellation)
    {
        if (WhyNot(caller) is { } forbidden) return (null, forbidden);
        if (Find(id) is null) return (null, AccessProblems.NoSuchIdentity(id.Value));
        var (code, proof, authenticator) = NewCode(life);
        var refusal = await Write(
            caller, [ModelChange.Create(authenticator, new AuthenticatorSpec(id, Enrolment: proof))], cancellation);
        return refusal is null ? (new EnrolmentResource(code, authenticator, proof.ExpiresAt), null) : (null, refusal);
    }

    /// <summary>Makes a client certificate a login of a person or program; again, it changes nothing.</summary>
    public async Task<(CertificateResource? Added, Refusal? Refusal)> AddCertificate(
        Caller caller, EntityId id, X509Certificate2 certificate, CancellationToken cancellation)
    {
        if (WhyNot(caller) is { } forbidden) return (null, forbidden);
        if (Find(id) is not { Spec: IdentitySpec spec }) return (null, AccessProblems.NoSuchIdentity(id.Value));
        if (!CertificateRule.MayLogIn(spec.Type))
            return (null, Problems.InvalidParameter("identity", "Agents and silos have the fleet's own certificates."));
        var proof = new CertificateProof(Fingerprint.Of(certificate), CertificateRule.EndOf(certificate));
        if (proof.NotAfter <= clock.GetUtcNow())
            return (null, Problems.InvalidParameter("certificate", $"It ended at {proof.NotAfter:O}."));
        var owners = CertificateLogin.OwnersOf(model, proof.Fingerprint).ToList();
        if (owners.Any(owner => ((AuthenticatorSpec)owner.Spec).Identity != id))
            return (null, AccessProblems.CertificateTaken());
        if (owners is [var own, ..]) return (Describe(own.Id, (AuthenticatorSpec)own.Spec), null);
        var authenticator = NamedIds.CertificateOf(proof.Fingerprint);
        var added = new AuthenticatorSpec(id, Certificate: proof);
        var refusal = await Write(caller, [ModelChange.Create(authenticator, added)], cancellation);
        return refusal is null ? (Describe(authenticator, added), null) : (null, refusal);
    }

    /// <summary>Sets a password, which ends a lock-out too. Tokens that were issued before stay good.</summary>
    public async Task<Refusal?> SetPassword(
        Caller caller, EntityId id, string password, CancellationToken cancellation)
    {
        if (WhyNot(caller) is { } forbidden) return forbidden;
        return Find(id) is null
            ? AccessProblems.NoSuchIdentity(id.Value)
            : await Store(caller, id, password, cancellation);
    }

    /// <summary>
    /// Sets the caller's own password. The current one is asked for like a login: whoever found an open page must not
    /// keep the account, and wrong ones lock out.
    /// </summary>
    public async Task<Refusal?> ChangeOwnPassword(
        Caller caller, string current, string password, IPAddress? from, CancellationToken cancellation)
    {
        if (caller.Token?.Identity is not { } id || Find(id) is not { } own)
            return AccessProblems.Forbidden(Need.Write(Kind));
        // Before the guess, which could lock out for nothing.
        if (PasswordHasher.WhyNot(password) is { } why) return Problems.InvalidParameter("password", why);
        var login = await logins.Enter(own.Name, current, from, cancellation);
        return login.Token is null ? LoginEndpoints.Refuse(login) : await Store(caller, id, password, cancellation);
    }

    /// <summary>Refuses all tokens and logins of somebody, or takes that back.</summary>
    public async Task<Refusal?> SetDisabled(
        Caller caller, EntityId id, bool isDisabled, CancellationToken cancellation)
    {
        if (WhyNot(caller) is { } forbidden) return forbidden;
        return Find(id) is not { Spec: IdentitySpec spec } identity
            ? AccessProblems.NoSuchIdentity(id.Value)
            : await Write(
                caller, [ModelChange.Update(identity, spec with { Disabled = isDisabled })], cancellation);
    }

    /// <summary>Ends a lock-out.</summary>
    public async Task<Refusal?> Unlock(Caller caller, EntityId id, CancellationToken cancellation)
    {
        if (WhyNot(caller) is { } forbidden) return forbidden;
        if (model.Find(EntityKind.Of<AuthenticatorSpec>(), NamedIds.PasswordOf(id)) is not
            { Spec: AuthenticatorSpec { Password: { } proof } spec } stored) return null;
        return await Write(
            caller, [ModelChange.Update(stored, spec with { Password = new PasswordProof(proof.Hash) })], cancellation);
    }

    private async Task<Refusal?> Store(Caller caller, EntityId id, string password, CancellationToken cancellation)
    {
        if (PasswordHasher.WhyNot(password) is { } why) return Problems.InvalidParameter("password", why);
        PasswordHash hash;
        using (var turn = await gate.Hash(cancellation))
        {
            if (turn is null) return Problems.Unavailable("Too many passwords are hashed now; try again.");
            hash = hasher.Hash(password);
        }
        var authenticator = NamedIds.PasswordOf(id);
        var spec = new AuthenticatorSpec(id, Password: new PasswordProof(hash));
        return await Write(
            caller,
            [
                model.Find(EntityKind.Of<AuthenticatorSpec>(), authenticator) is { } before
                    ? ModelChange.Update(before, spec)
                    : ModelChange.Create(authenticator, spec),
            ], cancellation);
    }

    private (string Code, EnrolmentProof Proof, EntityId Authenticator) NewCode(TimeSpan life)
    {
        var authenticator = EntityId.From(ids.Next());
        var (text, proof) = EnrolmentTokens.Issue(authenticator, clock.GetUtcNow() + life);
        return (text, proof, authenticator);
    }

    private static CertificateResource Describe(EntityId authenticator, AuthenticatorSpec spec) =>
        new(authenticator, spec.Certificate!.Fingerprint, spec.Certificate.NotAfter);

    private Entity? Find(EntityId id) => model.Find(EntityKind.Of<IdentitySpec>(), id);

    private Refusal? WhyNot(Caller caller) => NeedRequirement.MayWrite(caller, Kind, model.Trust)
        ? null : AccessProblems.Forbidden(Need.Write(Kind));

    private async Task<Refusal?> Write(
        Caller caller, IReadOnlyList<ModelChange> changes, CancellationToken cancellation)
    {
        var write = await model.Write(caller.Name, changes, cancellation);
        return write.Outcome switch
        {
            ModelOutcome.Written => null,
            ModelOutcome.Lost => Problems.ChangedMeanwhile(write.Detail, write.Field),
            ModelOutcome.Refused => Problems.InvalidParameter(write.Field ?? "", write.Detail),
            _ => Problems.Unavailable("It could not be written, or is not shown here yet; look again."),
        };
    }
}
