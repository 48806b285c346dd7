using System.Net.Http.Headers;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>The one HTTP client to all storage nodes.</summary>
internal static class StorageHttp
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    /// <summary>Makes it, with the fleet token on every request. Deadlines are the callers'.</summary>
    public static HttpClient Create(string fleetToken)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionIdleTimeout = IdleLimit,
            UseCookies = false,
            UseProxy = false,
        };
        return new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", fleetToken) },
        };
    }
}
