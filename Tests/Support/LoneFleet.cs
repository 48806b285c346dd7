using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Agent.Identity;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Certificates;

namespace Aedile.Tests.Support;

/// <summary>
/// The fleet of an agent that never meets a silo: a test has its keys, enrols the agent on disk, and calls it as a silo
/// would.
/// </summary>
internal sealed class LoneFleet : IDisposable
{
    private static readonly EntityId Silo = EntityId.Parse("silo-lone");
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FleetId _fleet;

    public LoneFleet(string fleet = "lone")
    {
        _fleet = FleetId.Parse(fleet);
        Authority = FleetAuthority.Create(
            _fleet, "lone", _now.AddHours(-1), _now.AddDays(1), _now.AddDays(2));
    }

    public FleetAuthority Authority { get; }

    /// <summary>What an agent of this fleet believes.</summary>
    public AgentTrust Trust(long index = 1)
    {
        var key = VerificationKey.Of(_signing);
        return new AgentTrust("lone", index,
        [
            Of(FleetSpec.OnlyId, new FleetSpec(_fleet)),
            Of(Silo, new IdentitySpec(IdentityType.Silo, [], [])),
            Of(EntityId.Parse("key"), new SigningKeySpec(
                key.Id, key.Text, "lone", _now.AddHours(-1), _now.AddDays(1), _now.AddDays(2))),
            Of(EntityId.Parse("authority"), Authority.Spec),
        ]);
    }

    /// <summary>Enrols an agent in its data folder.</summary>
    public void Enrol(string data, NodeName node)
    {
        Directory.CreateDirectory(data);
        var folder = new CredentialFolder(Path.Combine(data, "identity"));
        using var key = folder.OpenKey();
        var identity = EntityId.Parse($"agent-{node}");
        using var certificate = Certificate(identity, key, node);
        folder.Keep(new AgentGrant(
            identity, node, "none", Base64Url.EncodeToString(certificate.RawData), _now, _now.AddHours(12), Trust()));
    }

    /// <summary>A silo's token for a node.</summary>
    public string Token(NodeName node, EntityId? allowed = null, TokenKind kind = TokenKind.Silo) => TokenText.Sign(
        new AccessToken(
            _fleet, Silo, kind, TokenAudience.AgentOf(node), [allowed ?? AgentCalls.Command],
            TokenId.From(new Guid(RandomNumberGenerator.GetBytes(16))), _now, _now, _now.AddHours(1)),
        VerificationKey.Of(_signing).Id, _signing);

    /// <summary>A silo's certificate, with its key.</summary>
    public X509Certificate2 SiloCertificate(TimeSpan? life = null) => Holder(Silo, NodeName.Parse("none"), life);

    /// <summary>A certificate of an identity, with its key.</summary>
    public X509Certificate2 Holder(EntityId identity, NodeName node, TimeSpan? life = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = Certificate(identity, key, node, life);
        return bare.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        Authority.Dispose();
        _signing.Dispose();
    }

    private X509Certificate2 Certificate(EntityId identity, ECDsa key, NodeName node, TimeSpan? life = null) =>
        Authority.Issue(
            new CertificateOrder(
                new PeerName(_fleet, identity), new PublicKey(key), [AgentCalls.HostOf(node), "localhost"],
                [IPAddress.Loopback], life ?? TimeSpan.FromHours(12)),
            _now);

    private Entity Of<TSpec>(EntityId id, TSpec spec) where TSpec : EntitySpec =>
        new(EntityKind.Of<TSpec>(), id, id.Value, _now, _now, 1, Entity.NoTags, spec);
}
