using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Aedile.Agent.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;

namespace Aedile.Agent.Identity;

/// <summary>
/// Whom this agent takes for a silo on an encrypted connection: who shows a certificate of one of the fleet's silos;
/// or, where operators brought a certificate of their own, who shows one that the machine's authorities or those of
/// <c>--ca-file</c> vouch for, with the name that was called.
/// </summary>
internal sealed class SiloTls(string caFile, TimeProvider clock)
{
    private readonly X509Certificate2Collection _roots = Read(caFile);

    /// <summary>Judges a certificate.</summary>
    /// <param name="trust">Whom the agent believes; null before it is enrolled.</param>
    /// <param name="shown">What was shown.</param>
    /// <param name="errors">What the machine's own rules say of it.</param>
    public bool IsSilo(TrustCopy? trust, X509Certificate? shown, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate) return false;
        if (trust?.Peers.Identify(certificate, PeerUse.Server, clock.GetUtcNow()) is { } name)
            return trust.IsSilo(name);
        if (errors is SslPolicyErrors.None) return true;
        if (_roots.Count == 0 || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().LocalDateTime;
        return chain.Build(certificate);
    }

    /// <summary>Makes the client by which silos are called; each is asked once for each call.</summary>
    /// <param name="credentials">Who calls; null before the agent is enrolled.</param>
    /// <param name="silos">Whom it asks.</param>
    public AedileClient Connect(Credentials? credentials, IGateways silos)
    {
        var options = new GatewayOptions(silos) { Patience = TimeSpan.Zero };
        var handler = new SocketsHttpHandler
        {
            // Connections are made anew now and then, so that a name that has moved is followed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                    IsSilo(credentials?.Trust, shown, errors),
            },
        };
        if (credentials is null) return new AedileClient(options, clock, handler);
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.Certificate;
        return new AedileClient(options, clock, new Bearer(credentials, handler));
    }

    private static X509Certificate2Collection Read(string file)
    {
        var roots = new X509Certificate2Collection();
        if (file.Length == 0) return roots;
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException
            or UnauthorizedAccessException)
        {
            throw new StartException($"--ca-file '{file}' can't be read: {e.Message}", e);
        }
        return roots.Count > 0 ? roots : throw new StartException($"--ca-file '{file}' holds no certificate.");
    }

    // The token of the moment: it is renewed while the client lives.
    private sealed class Bearer(Credentials credentials, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", credentials.Grant.Token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
