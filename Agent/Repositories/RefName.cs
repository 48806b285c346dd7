using System.Buffers;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Which ref names and object ids may come in from outside. As <c>git check-ref-format</c>, and below <c>refs/</c>.
/// </summary>
internal static class RefName
{
    private const int LengthMax = 1024;
    private static readonly SearchValues<char> Refused = SearchValues.Create(" ~^:?*[\\\x7f");

    /// <summary>Whether a name can be a ref's full name.</summary>
    public static bool IsValid(string name) =>
        name.Length <= LengthMax && name.StartsWith("refs/", StringComparison.Ordinal) && !name.EndsWith('.')
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal)
        && name.AsSpan().IndexOfAny(Refused) < 0 && !name.Any(char.IsControl)
        && name.Split('/').All(p => p.Length > 0 && p[0] != '.' && !p.EndsWith(".lock", StringComparison.Ordinal));

    /// <summary>Whether pushes must not touch it: it is neither shown nor replicated.</summary>
    public static bool IsHidden(string name) => name.StartsWith("refs/internal/", StringComparison.Ordinal);

    /// <summary>Whether a name can be HEAD's target.</summary>
    public static bool IsBranch(string name) =>
        name.Length > "refs/heads/".Length && name.StartsWith("refs/heads/", StringComparison.Ordinal) && IsValid(name);

    /// <summary>Whether this is an object id: 40 lower-case hexadecimal digits.</summary>
    public static bool IsObjectId(string id) =>
        id.Length == 40 && id.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
