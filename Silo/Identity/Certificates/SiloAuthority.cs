using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Keys;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>This silo's authorities: certificates are issued with the one of the moment.</summary>
internal sealed class SiloAuthority(
    KeyFolder folder, IIdentityModel model, string silo, RotationPolicy policy, TimeProvider clock,
    ILogger<SiloAuthority> log)
    : RotatingKeys<CertificateAuthoritySpec, FleetAuthority>(folder, model, silo, policy, clock)
{
    /// <summary>Whether it can issue now: everybody trusts one of its authorities by now.</summary>
    public bool CanIssue => CanUse;

    // Of silos that come at the same time only the one whose identity was written first may issue at once: all others
    // see it by their own, and wait until it knows them.
    /// <inheritdoc/>
    protected override bool IsFirst
    {
        get
        {
            var silos = Model.List(EntityKind.Of<IdentitySpec>())
                .Where(identity => identity.Spec is IdentitySpec { Type: IdentityType.Silo }).ToList();
            return base.IsFirst && silos is [var only] && only.Id == OwnIdentity.IdOf(Silo);
        }
    }

    /// <summary>Issues a certificate.</summary>
    /// <param name="order">What it says.</param>
    /// <returns>Null while there is no authority that others know; there is one within seconds of the start.</returns>
    public X509Certificate2? Issue(CertificateOrder order) =>
        Use((authority, _, now) => authority.Issue(order, now));

    /// <inheritdoc/>
    protected override (string Id, CertificateAuthoritySpec Spec) Make(RotationStep.Make window)
    {
        using var authority = FleetAuthority.Create(
            Model.Trust.Fleet, Silo, window.NotBefore, window.SignsUntil, window.NotAfter);
        var key = authority.ExportPrivateKey();
        Folder.Keep(authority.Spec.Fingerprint.Value, key);
        CryptographicOperations.ZeroMemory(key);
        return (authority.Spec.Fingerprint.Value, authority.Spec);
    }

    /// <inheritdoc/>
    protected override FleetAuthority? Load(string id, CertificateAuthoritySpec spec)
    {
        try
        {
            return FleetAuthority.Load(spec, Folder.Read(id));
        }
        catch (CryptographicException)
        {
            return null; // Damaged or exchanged.
        }
    }

    /// <inheritdoc/>
    protected override (string Silo, KeyWindow Window) Read(CertificateAuthoritySpec spec) =>
        (spec.Silo, new KeyWindow(spec.Fingerprint.Value, spec.NotBefore, spec.IssuesUntil, spec.NotAfter));

    /// <inheritdoc/>
    protected override void LogPublished(string id, RotationStep.Make window) =>
        log.AuthorityPublished(id, window.NotBefore, window.SignsUntil);

    /// <inheritdoc/>
    protected override void LogNotPublished(string id, ModelWrite write) =>
        log.AuthorityNotPublished(id, write.Outcome, write.Detail);

    /// <inheritdoc/>
    protected override void LogForgotten(string id) => log.AuthorityForgotten(id);

    /// <inheritdoc/>
    protected override void LogNotReadable(string id) => log.AuthorityNotReadable(id);
}
