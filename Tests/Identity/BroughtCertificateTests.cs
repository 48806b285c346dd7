using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Silo.Hosting;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Identity;

/// <summary>Goal: an operator renews a certificate by writing its files, and a mistake in them costs nothing.</summary>
public sealed class BroughtCertificateTests : IDisposable
{
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly TestFolder _folder = new("brought");

    private string Certificate => _folder["tls.pem"];

    private string Key => _folder["tls.key"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pair_that_was_exchanged_is_shown_within_ten_seconds()
    {
        Write("one");
        var brought = Open();
        var first = brought.Current;
        Assert.Equal("CN=one", first.Certificate.Subject);
        Write("two");
        _clock.Advance(BroughtCertificate.LookEvery - TimeSpan.FromSeconds(1));
        Assert.Same(first, brought.Current);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = brought.Current;
        Assert.Equal("CN=two", second.Certificate.Subject);
        Assert.True(second.Certificate.HasPrivateKey);
        _clock.Advance(BroughtCertificate.LookEvery);
        Assert.Same(second, brought.Current); // A context of TLS is made for each new pair, and for no other reason.
    }

    [Fact]
    public void Half_a_pair_is_none_and_the_old_one_is_shown_until_the_other_half_is_there()
    {
        Write("one");
        var brought = Open();
        var first = brought.Current;
        var oldKey = File.ReadAllText(Key);
        Write("two");
        var newKey = File.ReadAllText(Key);
        foreach (var key in (string?[])[oldKey, "", "nonsense", null])
        {
            if (key is null) File.Delete(Key);
            else File.WriteAllText(Key, key);
            _clock.Advance(BroughtCertificate.LookEvery);
            Assert.Same(first, brought.Current);
        }
        File.WriteAllText(Key, newKey);
        _clock.Advance(BroughtCertificate.LookEvery);
        Assert.Equal("CN=two", brought.Current.Certificate.Subject);
    }

    [Fact]
    public void What_is_no_certificate_at_the_start_is_told_with_both_files()
    {
        Write("one");
        File.WriteAllText(Key, "nonsense");
        var error = Assert.Throws<StartupException>(Open);
        Assert.Contains(Certificate, error.Message, StringComparison.Ordinal);
        Assert.Contains(Key, error.Message, StringComparison.Ordinal);
        File.Delete(Certificate);
        Assert.Throws<StartupException>(Open);
    }

    private BroughtCertificate Open() => new(Certificate, Key, _clock, NullLogger.Instance);

    private void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(_clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }
}
