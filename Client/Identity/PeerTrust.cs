using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Model.Kinds;

namespace Aedile.Client.Identity;

/// <summary>Which side of a connection a peer's certificate is for.</summary>
public enum PeerUse
{
    /// <summary>No side; no certificate is taken.</summary>
    Unknown,

    /// <summary>The peer connects.</summary>
    Client,

    /// <summary>The peer is connected to.</summary>
    Server,
}

/// <summary>
/// Takes or refuses the certificates of peers by the fleet's own authorities and nobody else's: the machine's list of
/// authorities doesn't count. Asks nobody, downloads nothing. Immutable; safe from any thread.
/// </summary>
/// <remarks>It says who the peer is, not that it may do anything: the identity may be disabled by now.</remarks>
public sealed class PeerTrust
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int CertificateCharactersMax = 8 * 1024;
    private const int ChainLength = 2; // The peer and the authority, nothing between.

    private readonly FleetId _fleet;
    private readonly ImmutableDictionary<Fingerprint, (CertificateAuthoritySpec Spec, X509Certificate2 Root)> _roots;

    private PeerTrust(
        FleetId fleet,
        ImmutableDictionary<Fingerprint, (CertificateAuthoritySpec Spec, X509Certificate2 Root)> roots) =>
        (_fleet, _roots) = (fleet, roots);

    /// <summary>Trusts these authorities; one whose spec breaks a rule is left out.</summary>
    public static PeerTrust Of(FleetId fleet, IEnumerable<CertificateAuthoritySpec> authorities)
    {
        var roots = ImmutableDictionary.CreateBuilder<Fingerprint, (CertificateAuthoritySpec, X509Certificate2)>();
        foreach (var spec in authorities)
        {
            if (ReadAuthority(spec.Certificate) is { } root && Fingerprint.Of(root) == spec.Fingerprint)
                roots[spec.Fingerprint] = (spec, root);
        }
        return new PeerTrust(fleet, roots.ToImmutable());
    }

    /// <summary>Certificates of all authorities; they are this object's, and nobody else disposes them.</summary>
    public X509Certificate2Collection Authorities() => [.. _roots.Values.Select(root => root.Root)];

    /// <summary>Certificates of all authorities (PEM), in an order that is always the same.</summary>
    public string ExportAuthorities() => string.Concat(
        _roots.OrderBy(root => root.Key.Value, StringComparer.Ordinal)
            .Select(root => root.Value.Root.ExportCertificatePem() + "\n"));

    /// <summary>The certificate of an authority.</summary>
    /// <param name="text">DER as base64url.</param>
    /// <returns>Null unless it is an authority's, issued by itself, with a key on P-256.</returns>
    public static X509Certificate2? ReadAuthority(string? text)
    {
        if (text is null || text.Length > CertificateCharactersMax) return null;
        if (CanonicalBase64Url.Decode(text) is not { } bytes) return null;
        X509Certificate2? certificate = null;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(bytes);
            using var key = certificate.GetECDsaPublicKey();
            var isRoot = key?.ExportParameters(false).Curve.Oid.Value == P256
                && certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
                && IsAuthority(certificate);
            if (isRoot) return certificate;
        }
        catch (CryptographicException)
        {
            // Not a certificate: the answer is none.
        }
        certificate?.Dispose();
        return null;
    }

    /// <summary>Who shows this certificate. That it holds its key, the connection's handshake has proven.</summary>
    /// <param name="certificate">What it shows.</param>
    /// <param name="use">What for: one that is only good for a client is refused from a server.</param>
    /// <param name="now">Now (UTC).</param>
    /// <returns>Null when none of the authorities vouches for it now.</returns>
    public PeerName? Identify(X509Certificate2 certificate, PeerUse use, DateTimeOffset now)
    {
        if (_roots.IsEmpty || UsageOf(use) is not { } usage) return null;
        if (IsAuthority(certificate)) return null;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        foreach (var (_, root) in _roots.Values) policy.CustomTrustStore.Add(root);
        policy.RevocationMode = X509RevocationMode.NoCheck; // Withdrawn by disabling the identity, in the model.
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.LocalDateTime;
        policy.ApplicationPolicy.Add(usage);
        try
        {
            if (!chain.Build(certificate) || chain.ChainElements.Count != ChainLength) return null;
        }
        catch (CryptographicException)
        {
            return null; // So broken that no chain can be looked for.
        }
        if (!_roots.TryGetValue(Fingerprint.Of(chain.ChainElements[^1].Certificate), out var found)) return null;
        var issued = new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);
        if (issued < found.Spec.NotBefore || issued > found.Spec.IssuesUntil || now >= found.Spec.NotAfter) return null;
        return PeerName.TryRead(certificate, out var name) && name.Fleet == _fleet ? name : null;
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);

    private static Oid? UsageOf(PeerUse use) => use switch
    {
        PeerUse.Client => new Oid("1.3.6.1.5.5.7.3.2"),
        PeerUse.Server => new Oid("1.3.6.1.5.5.7.3.1"),
        _ => null,
    };
}
