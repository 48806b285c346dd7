using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.Logins;

/// <summary>
/// Logins by a client certificate that the model has as somebody's. Who issued it doesn't matter: this certificate is
/// taken and no other, and the connection's handshake has proven that its key is there.
/// </summary>
internal sealed class CertificateLogin(
    IIdentityModel model, TokenIssuer issuer, LoginGate gate, IdentityOptions options, TimeProvider clock,
    ILogger<CertificateLogin> log)
{
    private const string Way = "certificate";

    /// <summary>Logs in whose certificate it is. Cost: linear in authenticators.</summary>
    /// <param name="shown">What the connection shows.</param>
    /// <param name="from">Where the call comes from.</param>
    public LoginAnswer Enter(X509Certificate2 shown, IPAddress? from)
    {
        var fingerprint = Fingerprint.Of(shown);
        // Like a name: who has one certificate logs in no more often from many addresses.
        var wait = gate.Take(fingerprint.Value, from);
        if (wait > TimeSpan.Zero) return LoginAnswer.Later(wait);
        var owners = OwnersOf(model, fingerprint).Take(2).ToList();
        if (owners is not [{ Spec: AuthenticatorSpec { Certificate: { } proof } owner }])
            return Refuse(LoginRefusal.UnknownCertificate, fingerprint, from);
        if (CertificateRule.WhyNot(shown, proof, clock.GetUtcNow(), options.ClockSkew) is { } reason)
            return Refuse(reason, fingerprint, from);
        if (model.Find(EntityKind.Of<IdentitySpec>(), owner.Identity) is not { Spec: IdentitySpec spec } identity
            || !CertificateRule.MayLogIn(spec.Type))
            return Refuse(LoginRefusal.UnknownCertificate, fingerprint, from);
        if (spec.Disabled) return Refuse(LoginRefusal.IdentityDisabled, fingerprint, from);
        log.LoggedIn(identity.Id, Way, from);
        return LoginAnswer.Of(issuer.Issue(identity, spec.Roles, options.LoginLife));
    }

    /// <summary>The authenticators that name a certificate: one, unless an administrator named it twice.</summary>
    public static IEnumerable<Entity> OwnersOf(IIdentityModel model, Fingerprint fingerprint) =>
        model.List(EntityKind.Of<AuthenticatorSpec>()).Where(
            one => one.Spec is AuthenticatorSpec { Certificate: { } proof } && proof.Fingerprint == fingerprint);

    private LoginAnswer Refuse(LoginRefusal reason, Fingerprint fingerprint, IPAddress? from)
    {
        log.LoginRefused(Way, from, $"{reason} ({fingerprint})");
        return LoginAnswer.Refused(reason, reason switch
        {
            LoginRefusal.CertificateNotYetValid => "The certificate is not valid yet: a clock is wrong.",
            LoginRefusal.CertificateExpired => "The certificate has expired, or its time as a login is over.",
            LoginRefusal.IdentityDisabled => "Whose certificate it is, is disabled.",
            _ => $"Nobody logs in by the certificate {fingerprint}; an administrator can make it a login.",
        });
    }
}
