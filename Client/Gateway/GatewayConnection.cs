using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace Aedile.Client.Gateway;

/// <summary>
/// Sends requests to whichever gateway takes them, in the order of <see cref="IGateways"/>. Thread-safe.
/// </summary>
internal sealed class GatewayConnection(HttpClient http, GatewayOptions options, TimeProvider clock)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private long _seen;

    /// <summary>What is sent as <c>Authorization: Bearer</c>; null for nothing.</summary>
    public string? Token { get; set; }

    /// <summary>The highest index that any answer had.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    /// <summary>Where a client finds its fleet.</summary>
    public GatewayOptions Options => options;

    public TimeProvider Clock => clock;

    /// <summary>Sends a request and reads its answer as JSON.</summary>
    public Task<T> Call<T>(GatewayRequest request, CancellationToken cancellation) =>
        Exchange(request, static async (answer, ended) =>
            await ReadJson<T>(answer, ended)
            ?? throw new HttpRequestException("The answer is null."), cancellation);

    /// <summary>Sends a request whose answer has nothing to read.</summary>
    public Task Do(GatewayRequest request, CancellationToken cancellation) =>
        Exchange(request, static (_, _) => Task.FromResult(0), cancellation);

    /// <summary>Sends a request whose answer is read as it comes; the caller disposes it.</summary>
    public Task<HttpResponseMessage> Open(GatewayRequest request, CancellationToken cancellation) =>
        Exchange(request, static (answer, _) => Task.FromResult(answer), cancellation, isKept: true);

    /// <summary>Sends a request until it is answered, as <see cref="GatewayOptions"/> says.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="read">Reads an answer that is no refusal; called again if the answer breaks off.</param>
    /// <param name="cancellation">Ends it; what was sent may be done.</param>
    /// <param name="isKept">Whether the answer stays open.</param>
    /// <exception cref="ProblemException">It was refused.</exception>
    /// <exception cref="GatewayAwayException">Nobody answered.</exception>
    public async Task<T> Exchange<T>(
        GatewayRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellation, bool isKept = false)
    {
        var (begun, pause) = (clock.GetTimestamp(), PauseMin);
        while (true)
        {
            Exception? failure = null;
            var order = request.Only is { } only ? [only] : options.Gateways.InOrder;
            foreach (var gateway in order)
            {
                try
                {
                    var result = await Try(gateway, request, read, isKept, cancellation);
                    options.Gateways.Answered(gateway);
                    return result;
                }
                catch (ProblemException refusal) when (request.IsRepeatable && request.MayAnotherTake(refusal))
                {
                    failure = refusal;
                }
                catch (Exception error) when (
                    IsTransport(error, cancellation) && (request.IsRepeatable || WasNotSent(error)))
                {
                    failure = error;
                }
                catch (Exception error) when (IsTransport(error, cancellation))
                {
                    throw Away(gateway, order.Length, error, mayBeDone: true);
                }
            }

            if (clock.GetElapsedTime(begun) + pause >= options.Patience)
                throw failure as ProblemException ?? (Exception)Away(order[^1], order.Length, failure!, false);
            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    /// <summary>The next request goes to the next gateway first.</summary>
    public void TurnAway() => options.Gateways.TurnAway();

    /// <summary>Notes an index that was seen.</summary>
    public void See(long index)
    {
        var seen = Seen;
        while (index > seen)
        {
            var found = Interlocked.CompareExchange(ref _seen, index, seen);
            if (found == seen) return;
            seen = found;
        }
    }

    /// <summary>Forgets what was seen: another history begins.</summary>
    public void Forget() => Interlocked.Exchange(ref _seen, 0);

    /// <summary>Reads an answer's JSON; what a newer silo says besides is left out.</summary>
    public static async Task<T?> ReadJson<T>(HttpResponseMessage answer, CancellationToken ended)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ended);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, Wire.Answers, ended);
        }
        catch (JsonException error)
        {
            throw new HttpRequestException($"The answer is no {typeof(T).Name}: {error.Message}", error);
        }
    }

    private async Task<T> Try<T>(
        Uri gateway, GatewayRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, bool isKept,
        CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(request.AnswerTimeout ?? options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var message = request.ToMessage(gateway, Token);
        var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        var isDone = false;
        try
        {
            if (!answer.IsSuccessStatusCode) throw new ProblemException(await ProblemText.Read(answer, either.Token));
            if (answer.Headers.TryGetValues("Aedile-Index", out var values)
                && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                See(index);
            var result = await read(answer, either.Token);
            isDone = true;
            return result;
        }
        finally
        {
            if (!isKept || !isDone) answer.Dispose();
        }
    }

    // HttpClient says that it waited too long by the same exception as that the caller left; and what ends a silo that
    // is asked in its last moment comes as it is.
    private static bool IsTransport(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or IOException or SocketException
        || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static bool WasNotSent(Exception error) => error is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
    };

    private static GatewayAwayException Away(Uri last, int asked, Exception error, bool mayBeDone)
    {
        var what = error switch
        {
            OperationCanceledException => "it took too long",
            // What is wrong with its certificate; the message around says that there is more inside.
            { InnerException: AuthenticationException inner } => inner.Message.TrimEnd('.'),
            _ => error.Message.TrimEnd('.'),
        };
        var others = asked > 1 ? $", nor did the {asked - 1} others" : "";
        return new GatewayAwayException(
            mayBeDone
                ? $"{last} did not answer: {what}. What was asked for may be done; look before you ask again."
                : $"{last} did not answer{others}: {what}.", mayBeDone, error);
    }
}
