
namespace Aedile.Tests.Tidy;

/// <summary>The part of the reference list that the engine has, from the file beside this one.</summary>
internal sealed class ReferenceSurface
{
    private readonly Dictionary<string, HashSet<string>> _types = new(StringComparer.Ordinal);

    public static ReferenceSurface Load()
    {
        var surface = new ReferenceSurface();
        HashSet<string> members = [];
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "Tests", "Tidy", "orleans-public-api.txt")))
        {
            if (line.StartsWith("T ", StringComparison.Ordinal)) members = surface.Add(TypeOf(line));
            else members.Add(SurfaceText.WithoutDefaults(line.Trim()));
        }

        return surface;
    }

    /// <returns>Null when the list has no such type.</returns>
    public IReadOnlySet<string>? MembersOf(string type) => _types.GetValueOrDefault(type);

    // T <assembly> <kind> <namespace>::<type> : <bases>, or without a namespace for nested types.
    private static string TypeOf(string line)
    {
        var head = line.Split(" : ")[0];
        return head.Contains("::", StringComparison.Ordinal)
            ? head.Split("::")[1]
            : head[(head.LastIndexOf(' ') + 1)..];
    }

    private HashSet<string> Add(string type)
    {
        if (!_types.TryGetValue(type, out var members)) _types[type] = members = new(StringComparer.Ordinal);
        return members;
    }
}
