using System.Net;
using System.Net.Sockets;

namespace Aedile.Benchmarks.Engine;

/// <summary>How fast the machine's sockets are right now: two tasks that hand 64 bytes back and forth.</summary>
internal static class SocketCalibration
{
    private const int Bytes = 64;

    /// <returns>Round trips a second.</returns>
    public static async Task<double> Measure(TimeProvider clock, int trips)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var there = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = listener.AcceptSocketAsync();
        await there.ConnectAsync(listener.LocalEndpoint);
        using var back = await accepting;
        back.NoDelay = true;
        var echo = Echo(back);
        var buffer = new byte[Bytes];
        var begin = clock.GetTimestamp();
        for (var i = 0; i < trips; i++)
        {
            await there.SendAsync(buffer);
            await there.ReceiveAsync(buffer);
        }

        var rate = trips / clock.GetElapsedTime(begin).TotalSeconds;
        there.Shutdown(SocketShutdown.Both);
        await echo;
        return rate;
    }

    private static async Task Echo(Socket socket)
    {
        var buffer = new byte[Bytes];
        while (await socket.ReceiveAsync(buffer) is var count and > 0)
            await socket.SendAsync(buffer.AsMemory(0, count));
    }
}
