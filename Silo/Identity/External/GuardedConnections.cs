using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Aedile.Silo.Identity.External;

/// <summary>The address is one that a silo may not call.</summary>
internal sealed class AddressRefusedException(string message) : IOException(message);

/// <summary>
/// Connections to machines that the model names. The name is resolved once and the connection goes to the address that
/// was looked at: a name that means something else a moment later changes nothing. No proxy, no redirect, no cookie.
/// </summary>
internal static class GuardedConnections
{
    /// <summary>Makes a handler.</summary>
    /// <param name="allowed">Networks that may be called although they are not public.</param>
    /// <param name="roots">Authorities that are trusted beside the machine's own; empty for none.</param>
    /// <param name="resolve">Addresses of a name; null for the machine's resolver.</param>
    public static SocketsHttpHandler Handler(
        ImmutableArray<IPNetwork> allowed, X509Certificate2Collection roots,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        resolve ??= Dns.GetHostAddressesAsync;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None, // A small body must not become a large one.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = (context, cancellation) =>
                Connect(context.DnsEndPoint, allowed, resolve, cancellation),
        };
        if (roots.Count > 0)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return handler;
    }

    private static async ValueTask<Stream> Connect(
        DnsEndPoint target, ImmutableArray<IPNetwork> allowed,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellation)
    {
        var addresses = await resolve(target.Host, cancellation);
        // One address inside is enough to refuse: nobody's public name points into our network by accident.
        if (addresses.Length == 0 || !addresses.All(address => AddressRule.MayCall(address, allowed)))
            throw new AddressRefusedException($"{target.Host} is no machine of the public internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
