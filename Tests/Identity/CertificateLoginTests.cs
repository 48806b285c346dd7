using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;
using Aedile.Tests.Support;

namespace Aedile.Tests.Identity;

/// <summary>Goal: a certificate that the model has is a login for its time, and no other certificate is.</summary>
public sealed class CertificateLoginTests : IAsyncLifetime
{
    private static readonly EntityId Anna = EntityId.Parse("anna");
    private static readonly Caller Root = new(TokenAuthentication.Admin, null);

    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly TestFolder _folder = new("certificates");
    private readonly MemoryIdentityModel _model;
    private readonly LoginStage _silo;

    public CertificateLoginTests()
    {
        _model = LoginStage.NewModel(_clock);
        _silo = new LoginStage(_model, _clock, _folder);
    }

    public async ValueTask InitializeAsync() => Assert.True(await _silo.Keys.Turn(default));

    public ValueTask DisposeAsync()
    {
        _silo.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_certificate_that_was_made_a_login_gives_a_token_as_a_password_does()
    {
        using var certificate = NewCertificate();
        var added = await Add(Anna, certificate);
        Assert.Equal(CertificateRule.EndOf(certificate), added.ExpiresAt);
        var byPassword = _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
        var token = _silo.MustBeTaken(_silo.Certificates.Enter(certificate, null));
        Assert.Equal(byPassword with { Id = token.Id }, token with { Roles = byPassword.Roles });
        Assert.Equal(byPassword.Roles, token.Roles);
    }

    [Fact]
    public async Task Another_certificate_of_the_same_name_and_key_is_unknown()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = NewCertificate(key: key);
        using var other = NewCertificate(key: key, days: 31);
        MustBe(LoginRefusal.UnknownCertificate, certificate);
        await Add(Anna, certificate);
        MustBe(LoginRefusal.UnknownCertificate, other);
    }

    [Fact]
    public async Task A_certificate_is_a_login_from_its_beginning_to_its_end()
    {
        using var certificate = NewCertificate(from: TimeSpan.FromHours(1), days: 1);
        await Add(Anna, certificate);
        var skew = LoginStage.Options.ClockSkew;
        MustBe(LoginRefusal.CertificateNotYetValid, certificate);
        _clock.Advance(TimeSpan.FromHours(1) - skew - TimeSpan.FromSeconds(1));
        MustBe(LoginRefusal.CertificateNotYetValid, certificate);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _silo.MustBeTaken(_silo.Certificates.Enter(certificate, null));
        var end = CertificateRule.EndOf(certificate) + skew - _clock.GetUtcNow();
        _clock.Advance(end - TimeSpan.FromSeconds(1));
        _silo.MustBeTaken(_silo.Certificates.Enter(certificate, null));
        _clock.Advance(TimeSpan.FromSeconds(1));
        MustBe(LoginRefusal.CertificateExpired, certificate);
    }

    [Fact]
    public void An_administrator_may_end_it_earlier()
    {
        using var certificate = NewCertificate();
        Put("c1", Anna, certificate, TokenBench.Start.AddDays(1));
        _silo.MustBeTaken(_silo.Certificates.Enter(certificate, null));
        _clock.Advance(TimeSpan.FromDays(1) + LoginStage.Options.ClockSkew);
        MustBe(LoginRefusal.CertificateExpired, certificate);
    }

    [Fact]
    public async Task Who_is_disabled_logs_in_by_no_certificate_and_is_told_so()
    {
        using var certificate = NewCertificate();
        await Add(Anna, certificate);
        var anna = _model.Find(EntityKind.Of<IdentitySpec>(), Anna)!;
        _model.Put("anna", (IdentitySpec)anna.Spec with { Disabled = true }, "Anna");
        MustBe(LoginRefusal.IdentityDisabled, certificate);
        _model.Put("anna", (IdentitySpec)anna.Spec, "Anna");
        _silo.MustBeTaken(_silo.Certificates.Enter(certificate, null));
    }

    [Fact]
    public async Task A_certificate_that_was_taken_away_is_unknown_again()
    {
        using var certificate = NewCertificate();
        var added = await Add(Anna, certificate);
        var entity = _model.Find(EntityKind.Of<AuthenticatorSpec>(), added.Authenticator)!;
        await _model.Write("test", [ModelChange.Delete(entity)], default);
        MustBe(LoginRefusal.UnknownCertificate, certificate);
    }

    [Fact]
    public async Task A_certificate_is_one_persons_login()
    {
        _model.Put("bert", TokenBench.Holder(IdentityType.Program, [BuiltInRoles.Viewer]));
        using var certificate = NewCertificate();
        var added = await Add(Anna, certificate);
        Assert.Equal(added, await Add(Anna, certificate)); // Again: nothing new.
        var (none, refusal) = await _silo.Desk.AddCertificate(Root, EntityId.Parse("bert"), certificate, default);
        Assert.Null(none);
        Assert.Equal(("certificate-taken", 409), (refusal!.Type, refusal.Status));
        // Whoever wrote a second one as an entity: nobody knows whose login it is.
        Put("c2", EntityId.Parse("bert"), certificate, TokenBench.Start.AddDays(1));
        MustBe(LoginRefusal.UnknownCertificate, certificate);
    }

    [Theory]
    [InlineData(IdentityType.Agent)]
    [InlineData(IdentityType.Silo)]
    public async Task Agents_and_silos_log_in_by_no_certificate(IdentityType type)
    {
        _model.Put("machine", TokenBench.Holder(type, []));
        using var certificate = NewCertificate();
        var (_, refusal) = await _silo.Desk.AddCertificate(Root, EntityId.Parse("machine"), certificate, default);
        Assert.Equal(("invalid-parameter", "identity"), (refusal!.Type, refusal.Field));
        Put("c1", EntityId.Parse("machine"), certificate, TokenBench.Start.AddDays(1));
        MustBe(LoginRefusal.UnknownCertificate, certificate);
    }

    [Fact]
    public async Task What_is_over_and_whose_name_nobody_has_is_not_added()
    {
        using var old = NewCertificate(from: TimeSpan.FromDays(-2), days: 1);
        Assert.Equal("certificate", (await _silo.Desk.AddCertificate(Root, Anna, old, default)).Refusal!.Field);
        using var certificate = NewCertificate();
        var nobody = await _silo.Desk.AddCertificate(Root, EntityId.Parse("nobody"), certificate, default);
        Assert.Equal("identity-not-found", nobody.Refusal!.Type);
        var token = _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
        var own = await _silo.Desk.AddCertificate(new Caller("anna", token), Anna, certificate, default);
        Assert.Equal("forbidden", own.Refusal!.Type);
        Assert.DoesNotContain(
            _model.List(EntityKind.Of<AuthenticatorSpec>()),
            one => one.Spec is AuthenticatorSpec { Certificate: not null });
    }

    [Fact]
    public async Task Logins_by_certificate_have_the_rates_of_logins_by_password()
    {
        using var certificate = NewCertificate();
        using var stranger = NewCertificate();
        await Add(Anna, certificate);
        var from = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < LoginStage.Options.LoginBurst; i++)
        {
            _silo.MustBeTaken(_silo.Certificates.Enter(certificate, from));
        }
        var answer = _silo.Certificates.Enter(certificate, from);
        Assert.Equal((LoginRefusal.Later, TimeSpan.FromSeconds(1)), (answer.Refusal, answer.Wait));
        // Of another certificate from another address nothing was taken.
        Assert.Equal(
            LoginRefusal.UnknownCertificate,
            _silo.Certificates.Enter(stranger, IPAddress.Parse("192.0.2.2")).Refusal);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _silo.MustBeTaken(_silo.Certificates.Enter(certificate, from));
        // Nor is an address a way to try certificate after certificate.
        var tries = Enumerable.Range(0, LoginStage.Options.AddressBurst + 1).Select(_ =>
        {
            using var one = NewCertificate();
            return _silo.Certificates.Enter(one, from).Refusal;
        });
        Assert.Contains(LoginRefusal.Later, tries);
    }

    private void MustBe(LoginRefusal expected, X509Certificate2 shown)
    {
        var answer = _silo.Certificates.Enter(shown, null);
        Assert.Null(answer.Token);
        Assert.Equal(expected, answer.Refusal);
    }

    private async Task<CertificateResource> Add(EntityId id, X509Certificate2 certificate)
    {
        var (added, refusal) = await _silo.Desk.AddCertificate(Root, id, certificate, default);
        Assert.Null(refusal);
        return added!;
    }

    private void Put(string id, EntityId identity, X509Certificate2 certificate, DateTimeOffset notAfter) => _model.Put(
        id, new AuthenticatorSpec(identity, Certificate: new CertificateProof(Fingerprint.Of(certificate), notAfter)));

    private X509Certificate2 NewCertificate(TimeSpan from = default, int days = 30, ECDsa? key = null)
    {
        using var own = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        return new CertificateRequest("CN=Anna", key ?? own!, HashAlgorithmName.SHA256).CreateSelfSigned(
            _clock.GetUtcNow() + from, _clock.GetUtcNow() + from + TimeSpan.FromDays(days));
    }
}
