using System.Text;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Reads refs from their files (gitrepository-layout(5)), without a git child: each push lists them once, and a child
/// costs milliseconds. Whatever is not plain (a symbolic ref, a broken one, an odd name) is left to git.
/// </summary>
internal static class RefFolder
{
    private const int IdLength = 40;

    /// <summary>All refs, in ordinal order of their names; null when only git can say.</summary>
    public static IReadOnlyList<GitRef>? TryList(string repository)
    {
        var refs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            // Loose ones first: a ref that is packed meanwhile is then found in the other place.
            if (!TryReadLoose(new DirectoryInfo(Path.Combine(repository, "refs")), "refs", refs)) return null;
            if (!TryReadPacked(Path.Combine(repository, "packed-refs"), refs)) return null;
        }
        catch (IOException) { return null; } // Something moved under our hands; git knows how to look again.
        return [.. refs.Select(r => new GitRef(r.Key, r.Value))];
    }

    private static bool TryReadLoose(DirectoryInfo folder, string name, SortedDictionary<string, string> refs)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var below = $"{name}/{entry.Name}";
            if (entry.LinkTarget is not null) return false;
            if (entry is DirectoryInfo inner)
            {
                if (!TryReadLoose(inner, below, refs)) return false;
                continue;
            }
            if (below.EndsWith(".lock", StringComparison.Ordinal)) continue;
            var value = File.ReadAllText(entry.FullName, Encoding.Latin1).TrimEnd('\n');
            if (!IsPlain(below, value)) return false;
            refs[below] = value;
        }
        return true;
    }

    private static bool TryReadPacked(string path, SortedDictionary<string, string> refs)
    {
        if (!File.Exists(path)) return true;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] is '#' or '^') continue;
            if (line.Length < IdLength + 2 || line[IdLength] != ' ') return false;
            var (value, name) = (line[..IdLength], line[(IdLength + 1)..]);
            if (!IsPlain(name, value)) return false;
            refs.TryAdd(name, value); // A loose one wins.
        }
        return true;
    }

    private static bool IsPlain(string name, string value) =>
        RefName.IsObjectId(value) && value.AsSpan().ContainsAnyExcept('0')
        && RefName.IsValid(name) && !name.Contains('\ufffd', StringComparison.Ordinal);
}
