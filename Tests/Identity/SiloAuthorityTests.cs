using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.Keys;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Identity;

/// <summary>Goal: no silo shows a certificate before all others know who issued it.</summary>
public sealed class SiloAuthorityTests : IDisposable
{
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly TestFolder _folder = new("authorities");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly MemoryIdentityModel _model;
    private readonly SiloAuthority _one;
    private readonly SiloAuthority _two;

    public SiloAuthorityTests()
    {
        _model = new MemoryIdentityModel(TokenBench.Fleet, TokenBench.Skew, _clock);
        (_one, _two) = (Make("one"), Make("two"));
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_first_silo_issues_at_once_and_the_next_when_the_first_knows_it()
    {
        PutSilo("one");
        Assert.True(await _one.Turn(default));
        Assert.True(Issues(_one));
        PutSilo("two");
        Assert.True(await _two.Turn(default));
        Assert.False(Issues(_two));
        _clock.Advance(LoginStage.Options.AuthorityRotation.LateLead);
        Assert.True(Issues(_two));
    }

    [Fact]
    public async Task Of_silos_that_come_at_the_same_time_none_issues_before_the_others_know_it()
    {
        PutSilo("one");
        PutSilo("two");
        Assert.True(await _one.Turn(default));
        Assert.True(await _two.Turn(default));
        Assert.False(Issues(_one));
        Assert.False(Issues(_two));
        _clock.Advance(LoginStage.Options.AuthorityRotation.LateLead);
        Assert.True(Issues(_one));
        Assert.True(Issues(_two));
    }

    [Fact]
    public async Task Who_is_not_in_the_model_itself_does_not_take_itself_for_the_first()
    {
        Assert.True(await _one.Turn(default));
        Assert.False(Issues(_one));
    }

    private bool Issues(SiloAuthority authority)
    {
        using var issued = authority.Issue(new CertificateOrder(
            new PeerName(TokenBench.Fleet, EntityId.Parse("silo-x")), new PublicKey(_key), ["localhost"],
            [IPAddress.Loopback], TimeSpan.FromHours(1)));
        return issued is not null;
    }

    private void PutSilo(string name) => _model.Put($"silo-{name}", TokenBench.Holder(IdentityType.Silo, []));

    private SiloAuthority Make(string silo) => new(
        new KeyFolder(_folder[silo]), _model, silo, LoginStage.Options.AuthorityRotation, _clock,
        NullLogger<SiloAuthority>.Instance);
}
