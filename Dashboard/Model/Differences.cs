using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Dashboard.Model;

/// <summary>A member that differs.</summary>
/// <param name="Path">As in <c>spec.attributes</c>.</param>
/// <param name="Before">What was there; null for nothing.</param>
/// <param name="After">What is there; null for nothing.</param>
public sealed record Difference(string Path, string? Before, string? After);

/// <summary>Compares two states of an entity, member by member. Pure.</summary>
internal static class Differences
{
    private static readonly ImmutableHashSet<string> Always = ["version", "updatedAt", "createdAt", "kind", "id"];

    /// <summary>
    /// What differs in name, tags and spec; what changes with each write is left out. Lists are compared as a whole:
    /// the first text has what went, the second what came.
    /// </summary>
    public static ImmutableArray<Difference> Between(Entity? before, Entity? after) =>
        Between(ToNode(before), ToNode(after));

    /// <summary>What differs between two bodies.</summary>
    public static ImmutableArray<Difference> Between(JsonObject? before, JsonObject? after)
    {
        var found = ImmutableArray.CreateBuilder<Difference>();
        Compare("", before, after, found);
        return found.ToImmutable();
    }

    /// <summary>A value as people read it in one line.</summary>
    public static string? TextOf(JsonNode? value) => value switch
    {
        null => null,
        JsonArray { Count: 0 } => "none",
        JsonArray list => string.Join(", ", list.Select(item => TextOf(item) ?? "null")),
        JsonObject { Count: 0 } => "none",
        JsonObject => value.ToJsonString(),
        _ when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static JsonObject? ToNode(Entity? entity) => entity is null
        ? null : JsonSerializer.SerializeToNode(ReaderView.Of(entity), Wire.Json)!.AsObject();

    private static void Compare(
        string path, JsonNode? before, JsonNode? after, ImmutableArray<Difference>.Builder found)
    {
        if (JsonNode.DeepEquals(before, after)) return;
        if (before is JsonObject or null && after is JsonObject or null && (before ?? after) is JsonObject)
        {
            var (old, now) = ((JsonObject?)before, (JsonObject?)after);
            var names = (old ?? []).Select(member => member.Key).Union((now ?? []).Select(member => member.Key));
            foreach (var name in names)
            {
                if (path.Length == 0 && Always.Contains(name)) continue;
                Compare(path.Length == 0 ? name : $"{path}.{name}", old?[name], now?[name], found);
            }
        }
        else if (before is JsonArray left && after is JsonArray right)
        {
            CompareLists(path, left, right, found);
        }
        else
        {
            found.Add(new Difference(path, TextOf(before), TextOf(after)));
        }
    }

    private static void CompareLists(
        string path, JsonArray before, JsonArray after, ImmutableArray<Difference>.Builder found)
    {
        var came = after.Select(item => TextOf(item) ?? "null").ToList();
        var gone = new List<string>();
        foreach (var item in before.Select(item => TextOf(item) ?? "null"))
        {
            if (!came.Remove(item)) gone.Add(item);
        }
        // The same in another order: all of it says so.
        found.Add(gone.Count + came.Count == 0
            ? new Difference(path, TextOf(before), TextOf(after))
            : new Difference(path, Join(gone), Join(came)));
    }

    private static string? Join(List<string> items) => items.Count == 0 ? null : string.Join(", ", items);
}
