using System.Globalization;
using System.Text.Json.Nodes;
using Aedile.Client.Model;

namespace Aedile.Cli.Model;

/// <summary>
/// What a command line says of an entity: a file, then options over it. A file may be what <c>get --json</c> printed:
/// what the model keeps itself is left out, and its version is the one that must not have changed.
/// </summary>
/// <param name="Body">What is sent.</param>
/// <param name="Version">The version in the file; null for none.</param>
internal sealed record EntityFile(JsonObject Body, long? Version)
{
    /// <summary>Puts it together. Pure.</summary>
    /// <param name="file">What the file holds; null for no file.</param>
    /// <param name="kind">The kind that it must be of, if it names one.</param>
    /// <param name="name">The name; null: the file's.</param>
    /// <param name="spec">The spec; null: the file's.</param>
    /// <param name="tags">Each <c>NAME=VALUE</c>, or <c>NAME=</c> to take it away.</param>
    /// <exception cref="UsageException">It contradicts itself.</exception>
    public static EntityFile Of(
        JsonObject? file, EntityKind kind, string? name, JsonObject? spec, IEnumerable<string> tags)
    {
        var body = file?.DeepClone().AsObject() ?? [];
        if (body["kind"] is JsonValue named && named.ToString() != kind.Name)
            throw new UsageException($"The file holds a {Terminal.Plain(named.ToString())}, not a {kind.Name}.");
        var version = body["version"] is JsonValue number
            && long.TryParse(number.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : (long?)null;
        foreach (var member in (string[])["kind", "id", "createdAt", "updatedAt", "version"]) body.Remove(member);
        if (name is not null) body["name"] = name;
        if (spec is not null) body["spec"] = spec.DeepClone();
        foreach (var tag in tags)
        {
            if (tag.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var place))
                throw new UsageException($"'{tag}' is no tag: it is NAME=VALUE, or NAME= to take it away.");
            if (body["tags"] is not JsonObject all) body["tags"] = all = [];
            // Null takes away in a patch; a whole body just hasn't it.
            all[tag[..place]] = place == tag.Length - 1 ? null : tag[(place + 1)..];
        }

        return new EntityFile(body, version);
    }

    /// <summary>For requests that replace: a tag that is taken away isn't there.</summary>
    public JsonObject Whole()
    {
        var body = Body.DeepClone().AsObject();
        if (body["tags"] is not JsonObject tags) return body;
        foreach (var gone in tags.Where(tag => tag.Value is null).Select(tag => tag.Key).ToList()) tags.Remove(gone);
        return body;
    }
}
