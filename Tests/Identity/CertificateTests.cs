using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Certificates;

namespace Aedile.Tests.Identity;

/// <summary>Goal: peers are known by the fleet's own authorities, each for its time, and by nobody else.</summary>
public sealed class CertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = TokenBench.Start;
    private static readonly FleetId Fleet = TokenBench.Fleet;
    private static readonly PeerName Name = new(Fleet, EntityId.Parse("agent-n1"));

    private readonly FleetAuthority _authority = Authority(Fleet, "silo-1");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void An_issued_certificate_names_its_peer_for_both_sides()
    {
        using var issued = _authority.Issue(Order(), Now);
        var trust = PeerTrust.Of(Fleet, [_authority.Spec]);
        Assert.Equal(Name, trust.Identify(issued, PeerUse.Client, Now));
        Assert.Equal(Name, trust.Identify(issued, PeerUse.Server, Now));
        Assert.Null(trust.Identify(issued, PeerUse.Unknown, Now));
        var names = issued.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["n1.example.org"], names.EnumerateDnsNames());
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], names.EnumerateIPAddresses());
        Assert.True(issued.MatchesHostname("127.0.0.1"));
        Assert.False(issued.MatchesHostname("127.0.0.2"));
    }

    [Fact]
    public void It_is_good_from_a_little_before_until_its_end()
    {
        using var issued = _authority.Issue(Order(), Now.AddHours(1));
        var trust = PeerTrust.Of(Fleet, [_authority.Spec]);
        Assert.Null(trust.Identify(issued, PeerUse.Client, Now.AddMinutes(54)));
        Assert.NotNull(trust.Identify(issued, PeerUse.Client, Now.AddMinutes(56)));
        Assert.NotNull(trust.Identify(issued, PeerUse.Client, Now.AddHours(1).AddDays(7).AddSeconds(-1)));
        Assert.Null(trust.Identify(issued, PeerUse.Client, Now.AddHours(1).AddDays(7).AddSeconds(1)));
        Assert.Equal(Now.AddDays(4), CertificateOrder.RenewAt(Now, Now.AddDays(6)));
    }

    [Fact]
    public void Without_its_authority_it_is_nobody_s()
    {
        using var issued = _authority.Issue(Order(), Now);
        using var other = Authority(Fleet, "silo-1"); // Of the same name.
        Assert.Null(PeerTrust.Of(Fleet, []).Identify(issued, PeerUse.Client, Now));
        Assert.Null(PeerTrust.Of(Fleet, [other.Spec]).Identify(issued, PeerUse.Client, Now));
        Assert.Equal(Name, PeerTrust.Of(Fleet, [other.Spec, _authority.Spec]).Identify(issued, PeerUse.Client, Now));
        Assert.Null(PeerTrust.Of(FleetId.Parse("f2"), [_authority.Spec]).Identify(issued, PeerUse.Client, Now));
    }

    [Fact]
    public void An_authority_counts_for_its_time_whatever_its_certificate_says()
    {
        using var issued = _authority.Issue(Order(), Now.AddDays(1));
        Assert.NotNull(With(_authority.Spec));
        Assert.Null(With(_authority.Spec with { NotBefore = Now.AddDays(2) }));
        Assert.Null(With(_authority.Spec with { IssuesUntil = Now.AddHours(1) }));
        Assert.Null(With(_authority.Spec with { NotAfter = Now.AddHours(1) }));

        PeerName? With(CertificateAuthoritySpec spec) =>
            PeerTrust.Of(Fleet, [spec]).Identify(issued, PeerUse.Client, Now.AddDays(1));
    }

    [Fact]
    public void Rotation_overlaps_and_ends()
    {
        using var next = FleetAuthority.Create(
            Fleet, "silo-1", Now.AddDays(29), Now.AddDays(59), Now.AddDays(66));
        using var old = _authority.Issue(Order(), Now.AddDays(29));
        using var fresh = next.Issue(Order(), Now.AddDays(29));
        var both = PeerTrust.Of(Fleet, [_authority.Spec, next.Spec]);
        Assert.NotNull(both.Identify(old, PeerUse.Server, Now.AddDays(30)));
        Assert.NotNull(both.Identify(fresh, PeerUse.Server, Now.AddDays(30)));
        var one = PeerTrust.Of(Fleet, [next.Spec]);
        Assert.Null(one.Identify(old, PeerUse.Server, Now.AddDays(30)));
        Assert.NotNull(one.Identify(fresh, PeerUse.Server, Now.AddDays(30)));
        Assert.Throws<InvalidOperationException>(() => _authority.Issue(Order(), Now.AddDays(30)));
        Assert.Throws<InvalidOperationException>(() => next.Issue(Order(), Now.AddDays(28)));
    }

    [Fact]
    public void No_holder_of_a_certificate_can_issue_another()
    {
        using var bare = _authority.Issue(Order(), Now);
        using var holder = bare.CopyWithPrivateKey(_key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=forged", key, HashAlgorithmName.SHA256);
        using var forged = request.Create(
            holder.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Now, Now.AddDays(1), [1, 2, 3]);
        Assert.Null(PeerTrust.Of(Fleet, [_authority.Spec]).Identify(forged, PeerUse.Client, Now));
        // Nor is the authority itself a peer.
        using var root = PeerTrust.ReadAuthority(_authority.Spec.Certificate)!;
        Assert.Null(PeerTrust.Of(Fleet, [_authority.Spec]).Identify(root, PeerUse.Client, Now));
    }

    [Fact]
    public void An_authority_comes_back_from_its_key_and_not_from_another()
    {
        using var again = FleetAuthority.Load(_authority.Spec, _authority.ExportPrivateKey());
        using var issued = again.Issue(Order(), Now);
        Assert.Equal(Name, PeerTrust.Of(Fleet, [_authority.Spec]).Identify(issued, PeerUse.Client, Now));
        Assert.Throws<CryptographicException>(
            () => FleetAuthority.Load(_authority.Spec, _key.ExportPkcs8PrivateKey()));
        Assert.Empty(IdentityRules.FaultsOf(_authority.Spec));
    }

    [Fact]
    public void A_request_gives_its_key_only_with_the_proof_that_its_sender_holds_it()
    {
        var request = new CertificateRequest("CN=admin", _key, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.Equal(
            _key.ExportSubjectPublicKeyInfo(), SigningRequest.KeyOf(request)!.ExportSubjectPublicKeyInfo());

        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stolen = new CertificateRequest(
            new X500DistinguishedName("CN=admin"), new PublicKey(_key), HashAlgorithmName.SHA256)
            .CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(stranger));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        byte[][] bad =
        [
            [], [0x30], new byte[9000], stolen, [.. request, 0], request[..^1],
            new CertificateRequest("CN=a", p384, HashAlgorithmName.SHA256).CreateSigningRequest(),
            new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSigningRequest(),
        ];
        Assert.All(bad, der => Assert.Null(SigningRequest.KeyOf(der)));
        for (var at = 0; at < request.Length; at++)
        {
            var bent = (byte[])request.Clone();
            bent[at] ^= 0x01;
            Assert.Null(SigningRequest.KeyOf(bent));
        }
    }

    [Theory]
    [InlineData("aedile://f1/identity/agent-n1", true)]
    [InlineData("aedile://f1/identity/", false)]
    [InlineData("aedile:///identity/agent-n1", false)]
    [InlineData("aedile://f1/identity/agent-n1/", false)]
    [InlineData("aedile://f1/identity/agent-n1?x", false)]
    [InlineData("aedile://f1/x/identity/agent-n1", false)]
    [InlineData("AEDILE://f1/identity/agent-n1", false)]
    [InlineData(" aedile://f1/identity/agent-n1", false)]
    [InlineData("https://f1/identity/agent-n1", false)]
    [InlineData("aedile://f1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_peer_s_name_has_one_form(string? text, bool isName)
    {
        Assert.Equal(isName, PeerName.TryParse(text, out var name));
        if (isName) Assert.Equal(text, name.ToString());
    }

    [Fact]
    public void A_certificate_with_two_addresses_or_a_broken_one_names_nobody()
    {
        Assert.False(Reads(["aedile://f1/identity/a", "aedile://f1/identity/b"]));
        Assert.False(Reads([]));
        Assert.True(Reads(["aedile://f1/identity/a"]));
        var broken = new CertificateRequest("CN=x", _key, HashAlgorithmName.SHA256);
        broken.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 0x86], false));
        using var certificate = broken.CreateSelfSigned(Now, Now.AddDays(1));
        Assert.False(PeerName.TryRead(certificate, out _));

        bool Reads(string[] addresses)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("x.example.org");
            foreach (var address in addresses) names.AddUri(new Uri(address));
            var request = new CertificateRequest("CN=x", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(names.Build());
            using var made = request.CreateSelfSigned(Now, Now.AddDays(1));
            return PeerName.TryRead(made, out _);
        }
    }

    private static FleetAuthority Authority(FleetId fleet, string silo) =>
        FleetAuthority.Create(fleet, silo, Now, Now.AddDays(30), Now.AddDays(37));

    private CertificateOrder Order() => new(
        Name, new PublicKey(_key), ["n1.example.org"], [IPAddress.Loopback, IPAddress.IPv6Loopback],
        TimeSpan.FromDays(7));
}
