using System.Buffers;
using System.Text.Json;
using Aedile.Client;

namespace Aedile.Silo.Gateway;

/// <summary>Reads a JSON body and says precisely what is wrong with it.</summary>
internal static class RequestBody
{
    /// <summary>Most bytes a body may have.</summary>
    public const int BytesMax = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads a body of the type.</summary>
    /// <returns>The value, or why there is none.</returns>
    public static async Task<(T? Value, Refusal? Refusal)> Read<T>(HttpRequest request, CancellationToken cancellation)
        where T : class
    {
        if (!request.HasJsonContentType()) return (null, Problems.NotJson());
        var (bytes, refusal) = await ReadBytes(request, BytesMax, cancellation);
        return bytes is null ? (null, refusal) : Parse<T>(bytes);
    }

    /// <summary>Reads a body as it is.</summary>
    /// <returns>The bytes, or why there are none.</returns>
    public static async Task<(byte[]? Bytes, Refusal? Refusal)> ReadBytes(
        HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit) return (null, Problems.BodyTooLarge(limit));
        var buffer = ArrayPool<byte>.Shared.Rent(limit + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, limit + 1), limit + 1, throwOnEndOfStream: false, cancellation);
            return length > limit ? (null, Problems.BodyTooLarge(limit)) : (buffer[..length], null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The value that a body holds, or what is wrong with it.</summary>
    public static (T? Value, Refusal? Refusal) Parse<T>(ReadOnlyMemory<byte> text) where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            if (WireShape.Check(document.RootElement, typeof(T), "") is { } fault) return (null, Explain(fault));
            return (document.RootElement.Deserialize<T>(Wire.Json), null);
        }
        catch (JsonException error)
        {
            // Wrong inside a field, as in a name that doesn't parse: the path says where.
            return error.Path is { Length: > 2 } path
                ? (null, Problems.WrongType(path[2..], "a value of its kind"))
                : (null, Problems.MalformedBody($"The body is not valid JSON: {error.Message}"));
        }
        catch (InvalidOperationException)
        {
            // Names and strings are decoded when they are looked at, not by the parser.
            return (null, Problems.MalformedBody("The body holds text that is not valid Unicode."));
        }
    }

    private static Refusal Explain(ShapeFault fault) => fault switch
    {
        { Rule: ShapeRule.UnknownField } => Problems.UnknownField(fault.Field),
        { Rule: ShapeRule.MissingField } => Problems.MissingField(fault.Field),
        { Field: "" } => Problems.MalformedBody("The body must be a JSON object."),
        _ => Problems.WrongType(fault.Field, fault.Expected),
    };
}
