using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Aedile.Tests.Support;

/// <summary>An answer of the model's REST.</summary>
public sealed record ModelAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, JsonNode? Body)
{
    /// <summary>What the problem is, without its prefix; null when it is none.</summary>
    public string? Problem => ((string?)Body?["type"])?.Split(':')[^1];

    /// <summary>The field at fault.</summary>
    public string? Field => (string?)Body?["field"];
}

/// <summary>The model's REST as curl uses it.</summary>
public sealed class ModelClient(HttpClient http)
{
    /// <summary>Sends a request below <c>/v1</c>.</summary>
    public async Task<ModelAnswer> Send(
        HttpMethod method, string path, string? body = null, string? ifMatch = null, string? key = null,
        string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, "/v1/" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new ModelAnswer(answer.StatusCode, answer.Headers, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Reads.</summary>
    public Task<ModelAnswer> Get(string path) => Send(HttpMethod.Get, path);

    /// <summary>Creates a node with a tag.</summary>
    public Task<ModelAnswer> CreateNode(string id, string tag = "x") => Send(
        HttpMethod.Post, "model/nodes",
        $$$"""{"id":"{{{id}}}","tags":{"t":"{{{tag}}}"},"spec":{"attributes":["ssd"]} }""");
}
