using System.Net;

namespace Aedile.Silo.Identity.External;

/// <summary>Where keys of external signers come from.</summary>
internal interface IKeyFetch
{
    /// <summary>Fetches a set of keys.</summary>
    /// <returns>The body; null when there is none to be had, and why.</returns>
    Task<(byte[]? Body, string Why)> Fetch(Uri address, CancellationToken cancellation);
}

/// <summary>Fetches keys by HTTPS: bounded in time and size, from public addresses, without redirects.</summary>
internal sealed class HttpKeyFetch : IKeyFetch, IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;

    /// <param name="handler">Connections as <see cref="GuardedConnections"/> makes them.</param>
    /// <param name="options">Time and size.</param>
    /// <param name="clock">Measures the time.</param>
    public HttpKeyFetch(HttpMessageHandler handler, ExternalSignerOptions options, TimeProvider clock)
    {
        (_limit, _clock) = (options.FetchLimit, clock);
        _http = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan, // The injected clock decides.
            MaxResponseContentBufferSize = options.BytesMax,
        };
    }

    /// <inheritdoc/>
    public async Task<(byte[]? Body, string Why)> Fetch(Uri address, CancellationToken cancellation)
    {
        if (address.Scheme is not "https") return (null, "the address is not https");
        using var limit = new CancellationTokenSource(_limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseContentRead, either.Token);
            if (answer.StatusCode is not HttpStatusCode.OK) return (null, $"the answer was {(int)answer.StatusCode}");
            return (await answer.Content.ReadAsByteArrayAsync(either.Token), "");
        }
        catch (HttpRequestException error)
        {
            return (null, error.InnerException is AddressRefusedException refused ? refused.Message : error.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (null, $"no answer within {_limit}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
