using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Aedile.Agent.Identity;

/// <summary>
/// TLS of the agent's endpoint: it shows its own certificate, and nobody gets a word in without one of the fleet's.
/// </summary>
internal static class EndpointTls
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Encrypts what comes to an endpoint. Each connection is judged by the trust of its moment.</summary>
    public static void Use(ListenOptions endpoint, Credentials credentials, TimeProvider clock)
    {
        endpoint.Protocols = HttpProtocols.Http1; // As in the clear: each pack has a connection of its own.
        var log = endpoint.ApplicationServices.GetRequiredService<ILogger<Credentials>>();
        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeLimit,
            OnConnection = coming => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                // As it is: nothing has to be downloaded or looked up for a chain of two.
                ServerCertificateContext = SslStreamCertificateContext.Create(
                    credentials.Certificate, additionalCertificates: null, offline: true),
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    IsPeer(shown as X509Certificate2, coming.Connection.RemoteEndPoint),
            }),
        });

        bool IsPeer(X509Certificate2? shown, EndPoint? from)
        {
            if (shown is not null
                && credentials.Trust.Peers.Identify(shown, PeerUse.Client, clock.GetUtcNow()) is not null) return true;
            log.StrangerRefused(from, shown is null ? "none" : Fingerprint.Of(shown).Value);
            return false;
        }
    }
}
