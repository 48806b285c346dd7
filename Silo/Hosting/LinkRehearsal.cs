using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Aedile.Silo.Hosting;

/// <summary>
/// A connection of a silo with itself, before others count the tenths of a second that an answer takes: the first
/// handshake of a process loads and compiles all that TLS needs, and on a busy machine that takes longer than others
/// wait for a silo that hangs.
/// </summary>
internal static class LinkRehearsal
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Shakes hands with itself, as both ends of a connection between silos do.</summary>
    /// <param name="own">What this silo shows.</param>
    /// <param name="isSilo">Judges what is shown.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="StartupException">It does not take its own certificate: nobody else would.</exception>
    public static async Task Run(X509Certificate2 own, Func<X509Certificate2, bool> isSilo, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, limit.Token);
        using var far = await listener.AcceptTcpClientAsync(limit.Token);
        await using var dialled = new SslStream(near.GetStream());
        await using var accepted = new SslStream(far.GetStream());
        try
        {
            await Task.WhenAll(
                dialled.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        ClientCertificates = [own],
                        RemoteCertificateValidationCallback = (_, shown, _, _) => IsSilo(shown),
                    }, limit.Token),
                accepted.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = own,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, shown, _, _) => IsSilo(shown),
                    }, limit.Token));
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException)
        {
            throw new StartupException(
                $"This silo does not take its own certificate, so no other will: {error.Message} "
                + "Is its clock right, and its identity enabled?", error);
        }

        bool IsSilo(X509Certificate? shown) => shown is X509Certificate2 certificate && isSilo(certificate);
    }
}
