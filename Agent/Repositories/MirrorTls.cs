using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aedile.Agent.Identity;
using Aedile.Client.Identity;

namespace Aedile.Agent.Repositories;

/// <summary>
/// How git proves who fetches, and from whom: by files of the agent's own certificate and of the fleet's authorities.
/// The source is called by its node's own name, so that no other node's certificate is taken, wherever it is reached.
/// </summary>
internal static class MirrorTls
{
    /// <summary>The address to call, and where that is; none where the connection is not encrypted.</summary>
    /// <exception cref="GitException">The source's host has no address.</exception>
    public static async Task<(Uri Address, string? Resolved)> AddressOf(
        MirrorSource source, CancellationToken cancellation)
    {
        var given = source.Repository;
        if (given.Scheme is not "https" || source.Node is not { } node) return (given, null);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(given.Host.Trim('[', ']'), cancellation);
            var name = AgentCalls.HostOf(node);
            var resolved = string.Join(',', addresses.Select(Text));
            return (new UriBuilder(given) { Host = name }.Uri, $"{name}:{given.Port}:{resolved}");
        }
        catch (SocketException e)
        {
            throw new GitException($"'{given.Host}' can't be resolved: {e.Message}", e);
        }
    }

    /// <summary>Settings for this child alone.</summary>
    /// <exception cref="IOException">The files of the certificates can't be brought up to date.</exception>
    public static void Configure(
        ProcessStartInfo start, Uri address, string? resolved, Func<CredentialFolder> files)
    {
        if (address.Scheme is not "https") return;
        var credentials = files();
        if (resolved is not null) GitEnvironment.Configure(start, "http.curloptResolve", resolved);
        GitEnvironment.Configure(start, "http.sslVerify", "true");
        GitEnvironment.Configure(start, "http.sslCAInfo", credentials.AuthoritiesFile);
        GitEnvironment.Configure(start, "http.sslCert", credentials.CertificateFile);
        GitEnvironment.Configure(start, "http.sslKey", credentials.KeyFile);
    }

    private static string Text(IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
