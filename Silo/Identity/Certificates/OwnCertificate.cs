using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;

namespace Aedile.Silo.Identity.Certificates;

/// <summary>
/// The certificate that this silo shows, issued by its own authority. Its key is in memory alone: each start, and each
/// renewal, makes another one. Whoever holds the old certificate may use it to its end.
/// </summary>
internal sealed class OwnCertificate(
    SiloAuthority authority, IIdentityModel model, OwnIdentity identity, ServedNames names, IdentityOptions options,
    TimeProvider clock, ILogger<OwnCertificate> log)
{
    private volatile X509Certificate2? _current;

    /// <summary>The certificate with its key; null before the first one was issued.</summary>
    public X509Certificate2? Current => _current;

    /// <summary>Told of each new one.</summary>
    public event Action<X509Certificate2>? Renewed;

    /// <summary>Issues one if there is none, or it is time to renew it. Safe to repeat.</summary>
    /// <returns>Whether there is one that is not over.</returns>
    public bool Turn()
    {
        var now = clock.GetUtcNow();
        if (_current is { } current && now < RenewAt(current)) return true;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.Issue(new CertificateOrder(
            new PeerName(model.Trust.Fleet, identity.Id), new PublicKey(key), names.Dns, names.Addresses,
            options.CertificateLife));
        if (issued is null) return _current is { } old && now < EndOf(old);
        var renewed = issued.CopyWithPrivateKey(key);
        _current = renewed;
        Renewed?.Invoke(renewed);
        log.CertificateIssued(identity.Id, EndOf(renewed));
        return true;
    }

    private static DateTimeOffset RenewAt(X509Certificate2 certificate) => CertificateOrder.RenewAt(
        new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero), EndOf(certificate));

    private static DateTimeOffset EndOf(X509Certificate2 certificate) =>
        new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
}

/// <summary>The names and addresses at which this silo is reached.</summary>
internal sealed record ServedNames(ImmutableArray<string> Dns, ImmutableArray<IPAddress> Addresses)
{
    /// <summary>Those of an address that a silo listens on, and those that every machine has.</summary>
    public static ServedNames Of(Uri url, string machine)
    {
        var host = url.Host.Trim('[', ']');
        var isAddress = IPAddress.TryParse(host, out var address);
        string[] dns = isAddress ? ["localhost", machine] : ["localhost", machine, host];
        IPAddress[] addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return new ServedNames(
            [.. dns.Where(name => Uri.CheckHostName(name) is UriHostNameType.Dns).Distinct(StringComparer.Ordinal)],
            [.. (isAddress ? addresses.Append(address!) : addresses).Distinct()]);
    }
}
