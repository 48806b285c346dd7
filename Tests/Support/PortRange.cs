using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Aedile.Tests.Support;

/// <summary>Picks ports that nobody listens on.</summary>
public static class PortRange
{
    // Below the kernel's range for outgoing connections, so that no client takes a port while its fleet is restarted.
    private const int First = 18800;
    private const int Last = 19800;

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int Take(int count)
    {
        var start = First + Environment.ProcessId * 20 % (Last - First);
        for (var offset = 0; offset < Last - First; offset += 20)
        {
            var port = First + ((start - First + offset) % (Last - First));
            if (Enumerable.Range(port, count).All(IsFree)) return port;
        }
        throw new InvalidOperationException($"No {count} free ports in a row between {First} and {Last}.");
    }

    /// <summary>Whether nobody listens on the port of the loopback address.</summary>
    public static bool IsFree(int port)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port);
        if (taken) return false;
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try { probe.Bind(new IPEndPoint(IPAddress.Loopback, port)); }
        catch (SocketException) { return false; }
        return true;
    }
}
