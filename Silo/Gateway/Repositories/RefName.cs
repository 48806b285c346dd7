using System.Buffers;
using System.Text;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Which names a pushed ref may have: the rules of <c>git check-ref-format</c>, below <c>refs/</c>. Pure.
/// </summary>
internal static class RefName
{
    private const string Prefix = "refs/";
    private const int BytesMax = 1024;

    // A component is a file's name on the replica, and git adds ".lock" to it.
    private const int ComponentBytesMax = 250;

    // Control characters beyond ASCII too, which git would take: they have no place in what people read.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0xa0).Select(c => (char)c).Where(char.IsControl), .. " ~^:?*[\\"]);

    /// <summary>Whether a ref of this full name may be created, changed or deleted.</summary>
    public static bool IsValid(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name.AsSpan().ContainsAny(Forbidden)) return false;
        if (name.EndsWith('.') || name.Contains("..", StringComparison.Ordinal)) return false;
        if (name.Contains("@{", StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(name) > BytesMax) return false;
        var components = name.Split('/');
        return components.Length >= 3 && components.All(IsComponent);
    }

    private static bool IsComponent(string component) =>
        component.Length > 0 && component[0] != '.' && !component.EndsWith(".lock", StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(component) <= ComponentBytesMax;
}
