using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Silo.Identity.Certificates;

namespace Aedile.Silo.Hosting;

/// <summary>
/// TLS between silos, whose engine is put together before this silo has a certificate: until <see cref="Begin"/> it
/// shows one that nobody trusts, and trusts nobody.
/// </summary>
internal sealed class SiloLinks
{
    private volatile FleetPeers? _peers;
    private Action _look = static () => { };

    /// <summary>Shown until there is a better one; no connection is made before.</summary>
    public X509Certificate2 Nobody { get; } = MakeNobody();

    /// <summary>Told which certificate is to be shown from now on.</summary>
    public Action<X509Certificate2> Show { get; set; } = static _ => { };

    /// <summary>Whether a silo of this fleet shows a certificate.</summary>
    public bool IsSilo(X509Certificate2 shown)
    {
        if (_peers?.IsSilo(shown, PeerUse.Client) ?? false) return true;
        // One that has just come, perhaps: it will be here again in a moment.
        _look();
        return false;
    }

    /// <summary>From now on this silo can prove itself.</summary>
    /// <param name="own">What it shows.</param>
    /// <param name="peers">Judges what others show.</param>
    /// <param name="look">Asks for what is new in the model; called when a stranger comes.</param>
    public void Begin(OwnCertificate own, FleetPeers peers, Action look)
    {
        _look = look;
        _peers = peers;
        own.Renewed += Show;
        if (own.Current is { } current) Show(current);
    }

    private static X509Certificate2 MakeNobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
    }
}
