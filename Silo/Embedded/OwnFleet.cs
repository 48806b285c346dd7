using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Gateway;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>
/// Calls the silos that the supervisor started; on an encrypted connection, those of its own fleet alone.
/// </summary>
internal static class OwnFleet
{
    /// <summary>Makes a client that asks each silo once for each call; it has no token yet.</summary>
    /// <param name="silos">Whom it asks.</param>
    /// <param name="data">The fleet's folder; its silos write there by which authorities they are known.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="clock">Measures that.</param>
    public static AedileClient Connect(
        ImmutableArray<Uri> silos, DataFolder data, TimeSpan limit, TimeProvider clock) => new(
        new GatewayOptions(silos) { Patience = TimeSpan.Zero, AnswerTimeout = limit }, clock, new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                    shown is X509Certificate2 certificate && IsOwn(certificate, errors, data.AuthoritiesFile),
            },
        });

    // Read anew for each connection: each silo that starts adds its own.
    private static bool IsOwn(X509Certificate2 shown, SslPolicyErrors errors, string file)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || !File.Exists(file)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        try
        {
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(file);
            return chain.Build(shown);
        }
        catch (Exception error) when (error is CryptographicException or IOException)
        {
            return false; // Half a moment: it is asked again.
        }
    }
}
