using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>
/// One silo's own certificate authority: issues short-lived certificates to silos and agents. Its key stays on this
/// silo; the model has its certificate, by which all others trust what it issued (docs/adr/0009).
/// </summary>
internal sealed class FleetAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private readonly X509Certificate2 _root;

    private FleetAuthority(X509Certificate2 root, CertificateAuthoritySpec spec) => (_root, Spec) = (root, spec);

    /// <summary>What the model is to hold of it.</summary>
    public CertificateAuthoritySpec Spec { get; }

    /// <summary>Makes a new authority.</summary>
    /// <param name="fleet">Whose peers it names.</param>
    /// <param name="silo">Name of this silo.</param>
    /// <param name="notBefore">When it begins to issue (UTC).</param>
    /// <param name="issuesUntil">When it ends to issue.</param>
    /// <param name="notAfter">When all that it issued is over.</param>
    public static FleetAuthority Create(
        FleetId fleet, string silo, DateTimeOffset notBefore, DateTimeOffset issuesUntil, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Aedile {fleet} {silo}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        // A certificate's times are whole seconds.
        var (from, to) = (notBefore.AddTicks(-(notBefore.Ticks % TimeSpan.TicksPerSecond)), notAfter.AddSeconds(1));
        var root = request.CreateSelfSigned(from, to);
        return new FleetAuthority(root, new CertificateAuthoritySpec(
            Fingerprint.Of(root), Base64Url.EncodeToString(root.RawData), silo, from, issuesUntil, notAfter));
    }

    /// <summary>Takes up an authority that was made before.</summary>
    /// <param name="spec">What the model holds of it.</param>
    /// <param name="privateKey">What <see cref="ExportPrivateKey"/> gave.</param>
    /// <exception cref="CryptographicException">The key is not that of the certificate.</exception>
    public static FleetAuthority Load(CertificateAuthoritySpec spec, ReadOnlySpan<byte> privateKey)
    {
        using var certificate = PeerTrust.ReadAuthority(spec.Certificate)
            ?? throw new CryptographicException("This is no certificate of an authority.");
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        try
        {
            return new FleetAuthority(certificate.CopyWithPrivateKey(key), spec);
        }
        catch (ArgumentException error)
        {
            throw new CryptographicException("The key is not that of the certificate.", error);
        }
    }

    /// <summary>The private key (PKCS #8), for this silo's data folder alone.</summary>
    public byte[] ExportPrivateKey()
    {
        using var key = _root.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>Issues a certificate for both sides of a connection.</summary>
    /// <param name="order">What it says.</param>
    /// <param name="now">Now (UTC).</param>
    /// <exception cref="InvalidOperationException">This authority does not issue at this time.</exception>
    public X509Certificate2 Issue(CertificateOrder order, DateTimeOffset now)
    {
        if (now < Spec.NotBefore || now >= Spec.IssuesUntil)
            throw new InvalidOperationException(
                $"The authority {Spec.Fingerprint} issues from {Spec.NotBefore:O} to {Spec.IssuesUntil:O}.");
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN={order.Name.Identity}"), order.Key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUse), new Oid(ClientUse)], critical: true));
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        extensions.Add(AlternativeNames(order));
        // A little back: the holder's clock may be behind. Not before the authority: nobody would trust it.
        var from = now - ClockSkew > Spec.NotBefore ? now - ClockSkew : Spec.NotBefore;
        var to = now + order.Life < Spec.NotAfter ? now + order.Life : Spec.NotAfter;
        return request.Create(_root, from, to, Serial());
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // Positive and of full length, as RFC 5280 wants.
        return serial;
    }

    // The framework's builder would write the address as a Uri sees it; ours is compared character for character.
    private static X509Extension AlternativeNames(CertificateOrder order)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in order.DnsNames) names.AddDnsName(name);
        foreach (var address in order.Addresses) names.AddIpAddress(address);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, order.Name.ToString(), UriTag);
            if (!order.DnsNames.IsEmpty || !order.Addresses.IsEmpty)
            {
                var others = new AsnReader(names.Build().RawData, AsnEncodingRules.DER).ReadSequence();
                while (others.HasData) writer.WriteEncodedValue(others.ReadEncodedValue().Span);
            }
        }
        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }
}
