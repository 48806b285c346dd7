using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Aedile.Tests.Support;

/// <summary>
/// Picks ports that nobody listens on. Runs beside each other get ranges of their own by <c>AEDILE_TEST_PORTS</c>, as
/// in <c>18200-18399</c>: a fleet that is down for a moment could lose its port to another run.
/// </summary>
public static class PortRange
{
    private const int BlockSize = 20;

    // Below the kernel's range for outgoing connections, so that no client takes a port while its fleet is restarted.
    private static readonly (int First, int Last) Range = Parse(
        Environment.GetEnvironmentVariable("AEDILE_TEST_PORTS") ?? "18800-31799");

    private static readonly Lock Taking = new();

    private static int _next = Environment.ProcessId;

    /// <summary>The first of <paramref name="count"/> free ports in a row.</summary>
    public static int Take(int count)
    {
        var blocks = (Range.Last - Range.First + 1) / BlockSize;
        lock (Taking)
        {
            for (var block = 0; block < blocks; block++)
            {
                // Who took ports may not listen yet: the next one begins behind them, wherever they were found.
                var port = Range.First + (_next++ % blocks * BlockSize);
                if (Enumerable.Range(port, count).All(IsFree)) return port;
            }
        }

        throw new InvalidOperationException(
            $"No {count} free ports in a row between {Range.First} and {Range.Last}.");
    }

    private static (int, int) Parse(string text)
    {
        var bounds = text.Split('-').Select(b => int.Parse(b, CultureInfo.InvariantCulture)).ToArray();
        return (bounds[0], bounds[1]);
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
