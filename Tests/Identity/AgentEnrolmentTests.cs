using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Agent.Identity;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;
using Aedile.Tests.Support;

namespace Aedile.Tests.Identity;

/// <summary>Goal: a one-time token makes one key an agent's, and no other; its holder may lose an answer.</summary>
public sealed class AgentEnrolmentTests : IDisposable
{
    private static readonly NodeName Node = NodeName.Parse("n1");
    private readonly TestFolder _folder = new("enrol");
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly MemoryIdentityModel _model;
    private readonly LoginStage _stage;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public AgentEnrolmentTests()
    {
        _model = LoginStage.NewModel(_clock);
        _model.Put("agent-n1", TokenBench.Holder(IdentityType.Agent, [BuiltInRoles.Agent], Node));
        _stage = new LoginStage(_model, _clock, _folder);
    }

    public void Dispose()
    {
        _key.Dispose();
        _stage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_gives_certificate_and_token_of_the_node_it_was_made_for()
    {
        await Ready();
        var (grant, refusal) = await Enter(NewToken(), _key);
        Assert.Null(refusal);
        Assert.Equal((Node, EntityId.Parse("agent-n1")), (grant!.Node, grant.Identity));
        var verdict = _stage.Verifier.Verify(grant.Token, _model.Trust, TokenAudience.Silos);
        Assert.True(Permissions.Allow(verdict.Token!, _model.Trust, Need.OfAgent(Node)));
        Assert.False(Permissions.Allow(verdict.Token!, _model.Trust, Need.OfAgent(NodeName.Parse("n2"))));
        Assert.False(Permissions.Allow(verdict.Token!, _model.Trust, Need.Read("repositories")));

        using var certificate = CredentialFolder.Certificate(grant);
        var peers = PeerTrust.Of(
            TokenBench.Fleet, _model.List(EntityKind.Of<CertificateAuthoritySpec>())
                .Select(one => (CertificateAuthoritySpec)one.Spec));
        var name = new PeerName(TokenBench.Fleet, EntityId.Parse("agent-n1"));
        Assert.Equal(name, peers.Identify(certificate, PeerUse.Client, _clock.GetUtcNow()));
        Assert.Equal(
            _key.ExportSubjectPublicKeyInfo(), certificate.GetECDsaPublicKey()!.ExportSubjectPublicKeyInfo());
        Assert.True(certificate.MatchesHostname(AgentCalls.HostOf(Node)));
        Assert.False(certificate.MatchesHostname(AgentCalls.HostOf(NodeName.Parse("n2"))));
        Assert.Equal(TokenBench.Start + LoginStage.Options.CertificateLife, grant.ExpiresAt);
    }

    [Fact]
    public async Task A_spent_token_is_good_for_its_own_key_once_more_and_for_no_other()
    {
        await Ready();
        var token = NewToken();
        var (first, _) = await Enter(token, _key);
        var writes = _model.Writes;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(LoginRefusal.Used, (await Enter(token, other)).Refusal!.Refusal);
        var (again, _) = await Enter(token, _key);
        Assert.Equal((first!.Identity, first.Node), (again!.Identity, again.Node));
        Assert.Equal(writes, _model.Writes);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(LoginRefusal.Expired, (await Enter(token, _key)).Refusal!.Refusal);
        Assert.Equal(LoginRefusal.Used, (await Enter(token, other)).Refusal!.Refusal);
    }

    [Fact]
    public async Task Of_two_keys_that_come_at_once_one_gets_in()
    {
        await Ready();
        var token = NewToken();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Task<(AgentGrant? Grant, LoginAnswer? Refusal)>? between = null;
        _model.BeforeWrite = () => between = Enter(token, other);
        var slow = await Enter(token, _key);
        Assert.NotNull((await between!).Grant);
        Assert.Equal(LoginRefusal.NotNow, slow.Refusal!.Refusal);
        Assert.Equal(LoginRefusal.Used, (await Enter(token, _key)).Refusal!.Refusal);
    }

    [Fact]
    public async Task Nothing_is_spent_for_who_gets_nothing()
    {
        var token = NewToken();
        Assert.Equal(LoginRefusal.NotNow, (await Enter(token, _key)).Refusal!.Refusal); // No keys yet.
        await Ready();
        var writes = _model.Writes;
        Assert.Equal(LoginRefusal.Wrong, (await Enter(token + "x", _key)).Refusal!.Refusal);
        Assert.Equal(LoginRefusal.Wrong, (await Enter("aen_nobody.x", _key)).Refusal!.Refusal);
        Assert.Equal(
            LoginRefusal.BadRequest, (await _stage.Agents.Enter(token, [1, 2], null, default)).Refusal!.Refusal);
        Assert.Equal(LoginRefusal.Wrong, (await Enter(NewToken("anna"), _key)).Refusal!.Refusal);
        Assert.Equal(
            LoginRefusal.BadRequest, (await _stage.Enrolments.Enter(token, null, null, default)).Refusal);
        _model.Put("agent-n1", TokenBench.Holder(IdentityType.Agent, [BuiltInRoles.Agent], Node, disabled: true));
        Assert.Equal(LoginRefusal.Wrong, (await Enter(token, _key)).Refusal!.Refusal);
        Assert.Equal(writes, _model.Writes);
    }

    private async Task Ready()
    {
        _model.Put("silo-silo-1", TokenBench.Holder(IdentityType.Silo, []));
        Assert.True(await _stage.Keys.Turn(default));
        Assert.True(await _stage.Authority.Turn(default));
    }

    private string NewToken(string identity = "agent-n1")
    {
        var id = EntityId.Parse($"enrolment-{identity}-{_model.List(EntityKind.Of<AuthenticatorSpec>()).Count()}");
        var (text, proof) = EnrolmentTokens.Issue(id, _clock.GetUtcNow().AddHours(1));
        _model.Put(id.Value, new AuthenticatorSpec(EntityId.Parse(identity), Enrolment: proof));
        return text;
    }

    private Task<(AgentGrant? Grant, LoginAnswer? Refusal)> Enter(string token, ECDsa key) =>
        _stage.Agents.Enter(token, Credentials.SigningRequestOf(key), null, default);
}
