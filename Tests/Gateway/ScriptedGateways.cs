using System.Net;
using System.Net.Http.Json;
using Aedile.Client;
using Aedile.Client.Gateway;

namespace Aedile.Tests.Gateway;

/// <summary>Gateways whose answers a test writes; each knows what it was asked.</summary>
internal sealed class ScriptedGateways : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _answers = [];

    /// <summary>Who was asked for what, in order, as in <c>a GET /v1/fleet</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The idempotency keys that came.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>A client of gateways <c>a</c>, <c>b</c>, and so on, as far as named.</summary>
    public AedileClient Client(TimeProvider clock, params string[] names) => new(
        new GatewayOptions([.. names.Select(name => new Uri($"http://{name}/"))]), clock, this);

    /// <summary>What a gateway answers next; the last answer is repeated.</summary>
    public ScriptedGateways Says(string name, Func<HttpResponseMessage> answer)
    {
        if (!_answers.TryGetValue(name, out var queue)) _answers[name] = queue = new();
        queue.Enqueue(answer);
        return this;
    }

    /// <summary>An answer with JSON.</summary>
    public static Func<HttpResponseMessage> Json<T>(T body, long? index = null) => () =>
    {
        var answer = new HttpResponseMessage { Content = JsonContent.Create(body, options: Wire.Json) };
        if (index is not null) answer.Headers.Add("Aedile-Index", $"{index}");
        return answer;
    };

    /// <summary>A refusal.</summary>
    public static Func<HttpResponseMessage> Problem(int status, string type, bool retryable, string? field = null) =>
        () => new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = JsonContent.Create(
                new Problem($"urn:aedile:{type}", "No", status, "Because.", field, retryable, "t"), options: Wire.Json),
        };

    /// <summary>Nobody listens.</summary>
    public static HttpResponseMessage Refused() =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");

    /// <summary>It takes the request, and is gone before it answers.</summary>
    public static HttpResponseMessage Broken() =>
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add($"{request.RequestUri!.Host} {request.Method} {request.RequestUri.PathAndQuery}");
        if (request.Headers.TryGetValues("Idempotency-Key", out var keys)) Keys.Add(string.Join(',', keys));
        var queue = _answers[request.RequestUri.Host];
        return Task.FromResult((queue.Count > 1 ? queue.Dequeue() : queue.Peek())());
    }
}
