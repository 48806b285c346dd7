using Aedile.Client.Identity;

namespace Aedile.Client.Model.Kinds;

/// <summary>
/// A certificate by which peers are trusted: that of one silo's own authority, whose key never leaves that silo. Silos
/// and agents trust all of them; deleting one withdraws what it issued.
/// </summary>
/// <param name="Fingerprint">Its id; follows from the certificate.</param>
/// <param name="Certificate">DER of a self-signed authority with an ECDSA key on P-256, base64url.</param>
/// <param name="Silo">Name of the silo that issues with it.</param>
/// <param name="NotBefore">It issues nothing before (UTC): everybody trusts it by then.</param>
/// <param name="IssuesUntil">It issues nothing from then on (UTC).</param>
/// <param name="NotAfter">The last certificate that it issued has ended (UTC).</param>
[EntityKind("certificate-authority", "certificate-authorities")]
public sealed record CertificateAuthoritySpec(
    Fingerprint Fingerprint, string Certificate, string Silo, DateTimeOffset NotBefore, DateTimeOffset IssuesUntil,
    DateTimeOffset NotAfter) : EntitySpec;
