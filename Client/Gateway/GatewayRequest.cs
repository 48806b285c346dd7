using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Aedile.Client.Gateway;

/// <summary>A request before it is known which gateway takes it.</summary>
internal sealed record GatewayRequest
{
    private const string JsonType = "application/json";

    private GatewayRequest(HttpMethod method, string path) => (Method, Path) = (method, path);

    public HttpMethod Method { get; }

    /// <summary>Address below the gateway's, with its query.</summary>
    public string Path { get; }

    /// <summary>Whether it may be sent again when nobody knows what became of it.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The only gateway that is asked; null: any.</summary>
    public Uri? Only { get; init; }

    /// <summary>
    /// Whether another gateway may take what one has refused; asked for requests that may be sent again.
    /// </summary>
    public Func<ProblemException, bool> MayAnotherTake { get; init; } =
        static refusal => refusal is { Status: 503, Retryable: true };

    /// <summary>Makes the body, anew for each time it is sent; null for none.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>What comes with the same key a second time is not done a second time.</summary>
    public string? Key { get; init; }

    /// <summary>The version that must not have changed, <c>*</c> for any; null for no condition.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Whether the answer may come as gzip.</summary>
    public bool TakesGzip { get; init; }

    /// <summary>How long its answer may take; null: as long as the client's options say.</summary>
    public TimeSpan? AnswerTimeout { get; init; }

    /// <summary>A request that changes nothing.</summary>
    public static GatewayRequest Read(string path, IEnumerable<string>? query = null) =>
        new(HttpMethod.Get, query is null ? path : WithQuery(path, query)) { IsRepeatable = true };

    /// <summary>A write that is done once, however often it is sent.</summary>
    /// <param name="method">Of HTTP.</param>
    /// <param name="path">Below the gateway's address.</param>
    /// <param name="body">Sent as JSON; null for none.</param>
    /// <param name="key">The caller's own key; null: a new one.</param>
    public static GatewayRequest Once(HttpMethod method, string path, object? body, string? key = null) =>
        new(method, path)
        {
            IsRepeatable = true, Body = JsonOf(body), Key = key ?? RandomNumberGenerator.GetHexString(32, true),
        };

    /// <summary>A write that may do twice what is sent twice.</summary>
    public static GatewayRequest Act(HttpMethod method, string path, object? body = null) =>
        new(method, path) { Body = JsonOf(body) };

    /// <summary>The message for one gateway.</summary>
    public HttpRequestMessage ToMessage(Uri gateway, string? token)
    {
        var message = new HttpRequestMessage(Method, new Uri(gateway, Path)) { Content = Body?.Invoke() };
        if (token is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (TakesGzip) message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        if (Key is not null) message.Headers.TryAddWithoutValidation("Idempotency-Key", Key);
        if (IfMatch is not null) message.Headers.TryAddWithoutValidation("If-Match", IfMatch);
        return message;
    }

    private static Func<HttpContent>? JsonOf(object? body)
    {
        if (body is null) return null;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Wire.Json);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(JsonType) } };
    }

    private static string WithQuery(string path, IEnumerable<string> query) =>
        string.Join('&', query) is { Length: > 0 } text ? $"{path}?{text}" : path;
}
