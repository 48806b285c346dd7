using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Says which refs a refused prepare was about, in the words a git user knows. Pure.</summary>
internal static class Refusals
{
    private const string FetchFirst = "fetch first";

    /// <summary>
    /// The refs that can't be updated. Old values and name conflicts are found from the list; what only git knows (a
    /// missing object, a tag as a branch) is read from its message, which names one ref.
    /// </summary>
    public static ImmutableArray<RefMismatch> Explain(
        ImmutableArray<RefUpdate> updates, IReadOnlyList<GitRef> refs, string message)
    {
        var values = refs.ToDictionary(r => r.Name, r => r.Value, StringComparer.Ordinal);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var update in updates)
            if (values.GetValueOrDefault(update.Name, RefUpdate.Zero) != update.Old) found[update.Name] = FetchFirst;
        foreach (var update in updates.Where(u => u.IsCreate && !found.ContainsKey(u.Name)))
            if (Conflict(update.Name, values, updates) is { } reason) found[update.Name] = reason;
        if (found.Count == 0)
            foreach (var update in updates.Where(u => Names(message, u.Name))) found[update.Name] = Shortened(message);
        return [.. found.Select(f => new RefMismatch(f.Key, f.Value))];
    }

    private static string? Conflict(
        string name, Dictionary<string, string> values, ImmutableArray<RefUpdate> updates)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            var above = name[..slash];
            if (values.ContainsKey(above) || updates.Any(u => u.Name == above && !u.IsDelete))
                return $"'{above}' exists; cannot create '{name}'";
        }
        var below = values.Keys.Concat(updates.Where(u => !u.IsDelete).Select(u => u.Name))
            .FirstOrDefault(n => n.StartsWith(name + "/", StringComparison.Ordinal));
        return below is null ? null : $"'{below}' exists; cannot create '{name}'";
    }

    // Git quotes the name, or ends the message with it.
    private static bool Names(string message, string name) =>
        message.Contains($"'{name}'", StringComparison.Ordinal)
            || message.EndsWith(" " + name, StringComparison.Ordinal);

    private static string Shortened(string message)
    {
        var line = message.Split('\n')[0].Trim();
        foreach (var prefix in (string[])["fatal: ", "prepare: "])
            if (line.StartsWith(prefix, StringComparison.Ordinal)) line = line[prefix.Length..];
        return line.Length == 0 ? "failed to update ref" : line;
    }
}
