using System.Text.Json.Nodes;

namespace Aedile.Dashboard.Model;

/// <summary>
/// Patches by RFC 7396: what somebody changed, and nothing else. So what a form doesn't show, as a secret, stays as it
/// is, and a change can be put on top of what somebody else wrote meanwhile. Pure.
/// </summary>
internal static class MergePatch
{
    /// <summary>What turns one body into another; empty when they are equal.</summary>
    /// <remarks>A member that becomes null is taken away: for the rules of the model that is the same.</remarks>
    public static JsonObject Between(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, old) in before)
        {
            if (!after.TryGetPropertyValue(name, out var now) || (now is null && old is not null)) patch[name] = null;
            else if (old is JsonObject from && now is JsonObject to)
            {
                if (Between(from, to) is { Count: > 0 } inner) patch[name] = inner;
            }
            else if (!JsonNode.DeepEquals(old, now))
            {
                patch[name] = now?.DeepClone();
            }
        }
        foreach (var (name, now) in after)
        {
            if (!before.ContainsKey(name) && now is not null) patch[name] = now.DeepClone();
        }
        return patch;
    }

    /// <summary>A body with a patch on top.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null) merged.Remove(name);
            else if (value is JsonObject members)
                merged[name] = Apply(merged[name] as JsonObject ?? [], members);
            else merged[name] = value.DeepClone();
        }
        return merged;
    }
}
