using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.Logins;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Aedile.Silo.Hosting;

/// <summary>
/// TLS of the gateway's port: this silo's own certificate, or the operator's. A client needs no certificate; who shows
/// one that is neither the fleet's nor a login gets no further than <see cref="StrangerDoor"/>.
/// </summary>
internal sealed class GatewayTls
{
    // Each is a name of some 70 bytes in every handshake. A client that finds its issuer missing shows nothing, so all
    // of them are named or none.
    private const int AuthoritiesNamedMax = 256;
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    private readonly FleetPeers _peers;
    private readonly IIdentityModel _model;
    private readonly OwnCertificate _own;
    private readonly TimeProvider _clock;
    private readonly BroughtCertificate? _brought;
    private volatile Kept? _kept;

    public GatewayTls(
        FleetPeers peers, IIdentityModel model, OwnCertificate own, SiloArguments arguments, TimeProvider clock,
        ILogger<GatewayTls> log)
    {
        (_peers, _model, _own, _clock) = (peers, model, own, clock);
        if (arguments.TlsCert is { } file) _brought = new BroughtCertificate(file, arguments.TlsKey!, clock, log);
    }

    /// <summary>Encrypts what comes to an endpoint.</summary>
    public void Use(ListenOptions endpoint)
    {
        // Kestrel takes no rate for a single request of HTTP/2 (NotSupportedException), and a push that trickles must
        // not hold its place for hours: as in the clear, each has an HTTP/1.1 connection of its own.
        endpoint.Protocols = HttpProtocols.Http1;
        endpoint.Use(next => new PlainSpeech(next, HandshakeLimit, _clock).Answer);
        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeLimit,
            OnConnection = coming => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                ServerCertificateContext = Context(),
                ClientCertificateRequired = true, // Asked for; whether none will do, the callback says.
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    Note(shown as X509Certificate2, coming.Connection),
            }),
        });
    }

    // Always true: by TLS 1.3 a refusal comes after the handshake, without a word why. That the key is there, the
    // handshake proves whatever is answered here.
    private bool Note(X509Certificate2? shown, ConnectionContext connection)
    {
        if (shown is null || _peers.Identify(shown, PeerUse.Client) is not null) return true;
        var fingerprint = Fingerprint.Of(shown);
        if (!CertificateLogin.OwnersOf(_model, fingerprint).Any())
            connection.Features.Set(new StrangersCertificate(fingerprint, connection.RemoteEndPoint));
        return true;
    }

    // It names the fleet's authorities: a browser with certificates of others asks its user for none of them.
    private SslStreamCertificateContext Context()
    {
        var brought = _brought?.Current;
        var certificate = brought?.Certificate ?? _own.Current
            ?? throw new InvalidOperationException("This silo has no certificate; it would not have started.");
        var trust = _peers.Trust();
        var kept = _kept;
        if (kept is not null && ReferenceEquals(kept.Certificate, certificate) && ReferenceEquals(kept.Trust, trust))
            return kept.Context;
        var authorities = trust.Authorities();
        var named = authorities.Count is 0 or > AuthoritiesNamedMax
            ? null
            : SslCertificateTrust.CreateForX509Collection(authorities, sendTrustInHandshake: true);
        // Offline: nothing has to be downloaded or looked up.
        _kept = kept = new Kept(certificate, trust, SslStreamCertificateContext.Create(
            certificate, brought?.Others, offline: true, named));
        return kept.Context;
    }

    private sealed record Kept(X509Certificate2 Certificate, PeerTrust Trust, SslStreamCertificateContext Context);
}
