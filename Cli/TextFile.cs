using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aedile.Cli;

/// <summary>Files that a command names.</summary>
internal static class TextFile
{
    private const int SecretMax = 16 * 1024;

    /// <summary>A secret on the first line of a file.</summary>
    public static string ReadSecret(string path)
    {
        if (!File.Exists(path)) throw new UsageException($"There is no file {path}.");
        if (new FileInfo(path).Length > SecretMax) throw new UsageException($"{path} is too large for a secret.");
        var text = File.ReadAllText(path).Trim();
        return text.Length > 0 && !text.Any(char.IsControl)
            ? text
            : throw new UsageException($"{path} holds no secret: one line is needed.");
    }

    /// <summary>A JSON object in a file; <c>-</c> is standard input.</summary>
    public static JsonObject ReadObject(string path, Terminal terminal)
    {
        var text = path == "-" ? terminal.In.ReadToEnd()
            : File.Exists(path) ? File.ReadAllText(path) : throw new UsageException($"There is no file {path}.");
        return ParseObject(text, path == "-" ? "standard input" : path);
    }

    /// <summary>A JSON object.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it stands, for people.</param>
    public static JsonObject ParseObject(string text, string place)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            return JsonNode.Parse(text, documentOptions: options) as JsonObject
                ?? throw new UsageException($"{place} holds no JSON object.");
        }
        catch (JsonException error)
        {
            throw new UsageException($"{place} is no JSON: {error.Message}");
        }
    }
}
