using System.Net;
using System.Net.Sockets;

namespace Aedile.Benchmarks;

/// <summary>Ports of the loopback device for processes that a benchmark starts.</summary>
internal static class FreePorts
{
    /// <summary>Ports that nobody listens on at the moment; all different.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>(count);
        try
        {
            // All are held at once, so that they differ.
            while (listeners.Count < count)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listeners.Add(listener);
                listener.Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }
}
