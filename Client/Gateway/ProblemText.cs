using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aedile.Client.Gateway;

/// <summary>Reads why a request was refused, whoever refused it.</summary>
internal static class ProblemText
{
    private const int BytesMax = 64 * 1024;
    private const int ExcerptMax = 300;

    /// <summary>The problem; made up from the status when what refused is no gateway of ours.</summary>
    public static async Task<Problem> Read(HttpResponseMessage answer, CancellationToken ended)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ended);
        var buffer = new byte[BytesMax];
        var length = await body.ReadAtLeastAsync(buffer, BytesMax, throwOnEndOfStream: false, ended);
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        return Parse(text, (int)answer.StatusCode) ?? new Problem(
            "about:blank", answer.ReasonPhrase ?? "Refused", (int)answer.StatusCode, Excerpt(text), null,
            (int)answer.StatusCode is 429 or 502 or 503 or 504, "");
    }

    // Member by member: a problem may have more of them than we know (RFC 9457, section 3.2).
    private static Problem? Parse(string text, int status)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject said && said["type"] is JsonValue
                ? new Problem(
                    TextOf(said, "type") ?? "", TextOf(said, "title") ?? "", status, TextOf(said, "detail") ?? "",
                    TextOf(said, "field"),
                    said["retryable"] is JsonValue value && value.TryGetValue(out bool may) && may,
                    TextOf(said, "traceId") ?? "")
                : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null; // No JSON, or a member twice: nothing of ours.
        }
    }

    private static string? TextOf(JsonObject said, string member) =>
        said[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string Excerpt(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= ExcerptMax ? line : line[..ExcerptMax] + "…";
    }
}
