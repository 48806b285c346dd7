using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Aedile.Client.Repositories;

/// <summary>
/// A repository's name in its virtual storage: 1 to 8 segments joined by <c>/</c>, 255 characters at most; each segment
/// 1 to 100 of <c>A-Z a-z 0-9 . _ -</c>, not beginning with a dot or dash, not ending with a dot, <c>.git</c> or
/// <c>.lock</c>. So no path of this form can leave a folder, hide, or be an option.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<RepositoryPath>))]
public readonly record struct RepositoryPath : IParsable<RepositoryPath>
{
    private readonly string? _value;

    private RepositoryPath(string value) => _value = value;

    /// <summary>The path as text; empty for the default value, which no repository has.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static RepositoryPath Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var path) ? path : throw new FormatException($"'{s}' is not a repository path.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RepositoryPath result)
    {
        var valid = s is { Length: >= 1 and <= 255 } && s.Split('/') is { Length: <= 8 } segments
            && segments.All(IsSegment);
        result = valid ? new RepositoryPath(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsSegment(string segment) =>
        segment is { Length: >= 1 and <= 100 } && segment[0] is not ('.' or '-') && segment[^1] is not '.'
        && !segment.EndsWith(".git", StringComparison.OrdinalIgnoreCase)
        && !segment.EndsWith(".lock", StringComparison.OrdinalIgnoreCase)
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
